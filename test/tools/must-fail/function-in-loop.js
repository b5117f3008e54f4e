// expect: redeclared-function "`step` in a loop"
var unit = (function () {
  var steps = [];
  while (steps.length < 3) {
    function /*!*/step() {}
    steps.push(step);
  }
  return steps;
})();
