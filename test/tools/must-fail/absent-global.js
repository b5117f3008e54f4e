// expect: absent-global "`Map`, which on the device is absent"
var unit = (function () {
  return new /*!*/Map();
})();
