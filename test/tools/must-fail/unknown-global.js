// expect: unknown-global "`document`"
var unit = (function () {
  return /*!*/document;
})();
