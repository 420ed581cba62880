// The page's `Date` returns one moment; timers and `performance.now()` go on.
(fixed => {
  const Real = Date;
  const Fixed = new Proxy(Real, {
    construct: (target, values, self) => Reflect.construct(target, values.length ? values : [fixed], self),
    apply: () => new Real(fixed).toString(),
    get: (target, name) => name === 'now' ? now : Reflect.get(target, name),
  });
  const now = () => fixed;
  Real.prototype.constructor = Fixed;
  globalThis.Date = Fixed;
  // Without a date, formats use the current one.
  const prototype = Intl.DateTimeFormat.prototype;
  const { get } = Object.getOwnPropertyDescriptor(prototype, 'format');
  Object.defineProperty(prototype, 'format', {
    configurable: true,
    get() {
      const format = get.call(this);
      return date => format(date === undefined ? fixed : date);
    },
  });
  const { formatToParts } = prototype;
  prototype.formatToParts = function (date) {
    return formatToParts.call(this, date === undefined ? fixed : date);
  };
})
