// expect: absent-static "`Array.from`: absent"
var unit = (function () {
  return /*!*/Array.from('abc');
})();
