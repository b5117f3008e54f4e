// expect: throw "throw 'late'"
var unit = (function () {
  function check(late) {
    if (late) /*!*/throw 'late';
  }
  return check;
})();
