// expect: case-after-default "`case` after `default`"
var unit = (function () {
  function name(kind) {
    switch (kind) {
      default:
        return 'other';
      /*!*/case 1:
        return 'first';
    }
  }
  return name;
})();
