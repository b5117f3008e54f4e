// expect: use-before-definition "`helper` is declared where no path leads"
var unit = (function () {
  function create() {
    return { run: function () { return helper(); } };
    function /*!*/helper() {
      return 1;
    }
  }
  return create;
})();
