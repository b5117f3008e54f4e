// expect: loop-capture "the loop's `i`"
var unit = (function () {
  var readers = [];
  for (var i = 0; i < 3; i++) {
    readers.push(function () {
      return /*!*/i;
    });
  }
  return readers;
})();
