// expect: math-round "-3 for -2.5"
var unit = (function () {
  return /*!*/Math.round(-2.5);
})();
