// expect: json-extra-argument "JSON.parse(text, revive)"
var unit = (function () {
  function read(text, revive) {
    return /*!*/JSON.parse(text, revive);
  }
  return read;
})();
