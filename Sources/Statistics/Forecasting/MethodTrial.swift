/// A method tried inside a series, and led to its end.
package struct MethodTrial: Sendable {
    package let method: ForecastMethod
    /// Led to the inner origins; nil in a series too short to have any.
    let inner: LedForecast?
    /// Learned from the whole series, at its end.
    let now: LedForecast

    /// Tries methods (nil: all); those that the series is too short for are left out.
    package static func all(
        _ series: DemandSeries, _ settings: DemandForecast.Settings, methods: [ForecastMethod]? = nil
    ) -> [MethodTrial] {
        let origins = DemandForecast.innerOrigins(series, settings)
        return (methods ?? ForecastMethod.all(for: series)).compactMap { method in
            let horizon = settings.horizon
            let inner = origins.isEmpty ? nil : LedForecast(method, series, origins: origins, horizon: horizon)
            guard origins.isEmpty || inner != nil,
                let now = LedForecast(method, series, origins: [series.count], horizon: horizon)
            else { return nil }
            return MethodTrial(method: method, inner: inner, now: now)
        }
    }
}
