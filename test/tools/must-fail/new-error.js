// expect: new-error "new Error('late')"
var unit = (function () {
  return /*!*/new Error('late');
})();
