// expect: require-name "`require('fs')`"
var unit = (function () {
  return /*!*/require('fs');
})();
