// expect: math-random "gives the same numbers on every unit"
var unit = (function () {
  return /*!*/Math.random();
})();
