// expect: math-round "-2.5 gives -3"
var unit = (function () {
  return /*!*/Math.round(-2.5);
})();
