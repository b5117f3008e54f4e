// expect: unknown-global "`counter`"
var unit = (function () {
  function count() {
    /*!*/counter = 1;
  }
  return count;
})();
