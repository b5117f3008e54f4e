// expect: date-parse "gives 0 for garbage"
var unit = (function () {
  return /*!*/Date.parse('2026-01-01');
})();
