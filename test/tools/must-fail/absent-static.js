// expect: absent-static "`Array.from`, which on the device is absent"
var unit = (function () {
  return /*!*/Array.from('abc');
})();
