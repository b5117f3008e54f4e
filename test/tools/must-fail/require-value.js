// expect: require-name "`require` as a value"
var unit = (function () {
  var load = /*!*/require;
  return load;
})();
