// expect: absent-global "`Map`: absent"
var unit = (function () {
  return new /*!*/Map();
})();
