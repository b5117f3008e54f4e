// expect: dynamic-code "`eval`"
var unit = (function () {
  return /*!*/eval('1');
})();
