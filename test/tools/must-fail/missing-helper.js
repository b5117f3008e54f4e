// expect: missing-helper "tsc's helper for spread"
var unit = (function () {
  function join(list) {
    return /*!*/__spreadArray([], list, true);
  }
  return join;
})();
