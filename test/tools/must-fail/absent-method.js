// expect: absent-method "list.flat()"
var unit = (function () {
  function plain(list) {
    return /*!*/list.flat();
  }
  return plain;
})();
