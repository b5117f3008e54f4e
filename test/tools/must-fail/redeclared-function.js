// expect: redeclared-function "`step`, which is there already"
var unit = (function () {
  function step() {}
  function next() {}
  function /*!*/step() {
    return next();
  }
  return step;
})();
