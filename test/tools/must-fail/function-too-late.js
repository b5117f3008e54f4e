// expect: use-before-definition "`later` is used before its function statement"
var unit = (function () {
  var result = /*!*/later();
  function later() {
    return 1;
  }
  return result;
})();
