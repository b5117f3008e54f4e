// expect: use-before-definition "this call reaches `later` through start"
var unit = (function () {
  function start() {
    return step();
  }
  function step() {
    return later();
  }
  var result = /*!*/start();
  function later() {
    return 1;
  }
  return result;
})();
