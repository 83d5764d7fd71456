import Testing
import VirtualTime

@testable import Statistics

@Suite("Forecasts with their uncertainty")
struct DemandForecastTests {
    static func draws(_ seed: UInt64) -> (String, Int) -> () -> Double {
        { purpose, index in
            var stream = RandomStream(seed: Seed(seed), name: "test", purpose: purpose, index: UInt64(index))
            return { stream.uniform() }
        }
    }

    private static func quick(_ horizon: Int) -> DemandForecast.Settings {
        var settings = DemandForecast.Settings(horizon: horizon)
        settings.folds = 12
        settings.trialPaths = 40
        settings.members = 2
        return settings
    }

    private static func trials(_ series: DemandSeries, _ settings: DemandForecast.Settings) -> [MethodTrial] {
        let methods = [
            ForecastMethod("naive", NaiveModel(), isNaive: true), ForecastMethod("smoothing", SmoothingModel()),
        ]
        return MethodTrial.all(series, settings, methods: methods)
    }

    @Test("the interval holds nine values of ten where the noise is what it was", arguments: [6, 24])
    func coverage(horizon: Int) throws {
        var (inside, count) = (0, 0)
        for seed in 1...30 as ClosedRange<UInt64> {
            let values = KnownSeries.level(260, alpha: 0.3, seed: 100 + seed)
            let past = DemandSeries(values: Array(values[..<(260 - horizon)]))
            let settings = Self.quick(horizon)
            let uniform = Self.draws(seed)("paths", 0)
            let forecast = try #require(
                DemandForecast(past, settings, trials: Self.trials(past, settings), uniform: uniform))
            let quantiles = SamplePaths.quantiles(forecast.paths(120, uniform: uniform), [0.05, 0.95])
            for step in 0..<horizon {
                let actual = values[260 - horizon + step]
                if actual >= quantiles[0][step], actual <= quantiles[1][step] { inside += 1 }
                count += 1
            }
        }
        // Steps of one series are near each other: 30 series tell the share to about five points.
        let share = Double(inside) / Double(count)
        #expect((0.80...0.97).contains(share), "\(share)")
    }

    @Test("the interval widens with noise that grows and narrows with noise that fades", arguments: [false, true])
    func changingNoise(isGrowing: Bool) throws {
        var shares: [Double] = []
        for seed in 1...20 as ClosedRange<UInt64> {
            let values = KnownSeries.noise(220, seed: 300 + seed).enumerated().map { step, noise in
                100 + noise * (isGrowing ? 1 + Double(step) / 70 : 4 - Double(step) / 70)
            }
            let past = DemandSeries(values: Array(values[..<200]))
            let settings = Self.quick(20)
            let uniform = Self.draws(seed)("paths", 0)
            let forecast = try #require(
                DemandForecast(past, settings, trials: Self.trials(past, settings), uniform: uniform))
            let quantiles = SamplePaths.quantiles(forecast.paths(100, uniform: uniform), [0.05, 0.95])
            let inside = (0..<20).count { (quantiles[0][$0]...quantiles[1][$0]).contains(values[200 + $0]) }
            shares.append(Double(inside) / 20)
        }
        // Paths draw from all of the past: where noise fades they are somewhat too wide, where it grows too narrow.
        let share = shares.reduce(0, +) / 20
        #expect((isGrowing ? 0.80...0.95 : 0.90...0.995).contains(share), "\(share)")
    }

    @Test("the same draws give the same paths, and others others")
    func seeds() throws {
        let series = DemandSeries(values: KnownSeries.wave(120, season: 6, seed: 2), seasons: [6])
        let settings = Self.quick(8)
        let trials = MethodTrial.all(series, settings)
        let paths = try [1, 1, 2].map { seed in
            let uniform = Self.draws(UInt64(seed))("paths", 0)
            let forecast = try #require(DemandForecast(series, settings, trials: trials, uniform: uniform))
            return forecast.paths(5, uniform: uniform)
        }
        #expect(paths[0] == paths[1] && paths[0] != paths[2])
    }

    @Test("a season is taken up by the choice, and what is never below zero stays so")
    func choice() throws {
        let wave = KnownSeries.wave(160, season: 8, seed: 6).map { max(0, $0 - 85) }
        let series = DemandSeries(values: wave, seasons: [8])
        let settings = Self.quick(8)
        let uniform = Self.draws(1)("paths", 0)
        let forecast = try #require(DemandForecast(series, settings, uniform: uniform))
        #expect(forecast.members.allSatisfy { $0.contains("seasonal") || $0.contains("regression") }, "\(forecast.members)")
        #expect(forecast.paths(50, uniform: uniform).allSatisfy { $0.allSatisfy { $0 >= 0 } })
    }

    @Test("a series too short for a trial is forecast all the same, and an empty one is not")
    func short() throws {
        let uniform = Self.draws(1)("paths", 0)
        let forecast = try #require(
            DemandForecast(DemandSeries(values: [1, 2, 3]), Self.quick(2), uniform: uniform))
        #expect(forecast.points == [3, 3] && forecast.members == ["naive"])
        #expect(DemandForecast(DemandSeries(values: [.nan, .nan]), Self.quick(2), uniform: uniform) == nil)
    }

    // MARK: - Parts

    static let originRows: [(count: Int, horizon: Int, folds: Int, least: Int, origins: [Int])] = [
        (100, 10, 3, 50, [70, 80, 90]),
        (100, 10, 20, 50, Array(stride(from: 52, through: 90, by: 2))),
        (100, 10, 1, 50, [90]),
        (100, 60, 5, 50, []),
        (60, 10, 5, 50, [50]),
    ]

    @Test("origins end a horizon before the last value", arguments: originRows)
    func origins(row: (count: Int, horizon: Int, folds: Int, least: Int, origins: [Int])) {
        let found = RollingOrigins.origins(
            count: row.count, horizon: row.horizon, folds: row.folds, least: row.least)
        #expect(found == row.origins)
    }

    @Test("a trial's last origin has a part of the horizon behind it, and the others whole ones where there is room")
    func trialOrigins() {
        #expect(RollingOrigins.trialOrigins(count: 100, horizon: 10, folds: 3, least: 50, seen: 2) == [70, 80, 90, 98])
        #expect(RollingOrigins.trialOrigins(count: 100, horizon: 10, folds: 3, least: 84, seen: 2) == [84, 91, 98])
        #expect(RollingOrigins.trialOrigins(count: 100, horizon: 1, folds: 3, least: 50, seen: 1) == [97, 98, 99])
        let series = DemandSeries(values: KnownSeries.level(200, alpha: 0.3, seed: 1))
        let origins = DemandForecast.innerOrigins(series, DemandForecast.Settings(horizon: 20))
        #expect(origins.count == 24 && origins.last == 195)
    }

    @Test("measures of error are what their definitions say")
    func errors() {
        #expect(ForecastErrors.pinball(10, share: 0.9, actual: 12) == 1.8)
        #expect(abs(ForecastErrors.pinball(10, share: 0.9, actual: 8) - 0.2) < 1e-12)
        #expect(ForecastErrors.meanAbsolute([[1, 2], [3]], [0, 3, .nan, 7], origins: [1, 3]) == 3)
        let series = DemandSeries(values: [1, 2, 4, 8, .nan, 2], seasons: [2])
        // |4 - 1|, |8 - 2| and |2 - 8|; the pair with the missing value is left out.
        #expect(series.naiveScale(first: 6) == 5)
        #expect(DemandSeries(values: [3, 3, 3]).naiveScale(first: 3) == nil)
    }

    @Test("scales make an interval as wide as the errors were, on each side", arguments: [0.5, 1, 3])
    func scales(width: Double) {
        // Errors spread evenly from -2 to 1 times the width: 90 % lie between -1.85 and 0.85 times it.
        let row = (0..<300).map { (place: Int) -> Double in width * (-2 + 3 * (Double(place) + 0.5) / 300) }
        // Origins so far apart that the back-test is believed.
        let scales = IntervalScales(
            horizon: 300, ratios: Array(repeating: row, count: 4), origins: [0, 1, 2, 3_000_000_000], tail: 0.05)
        // The groups see parts of the row; all of them together cover nine of ten.
        let inside = row.enumerated().count { step, ratio in
            let group = scales.group(of: step)
            return ratio <= scales.above[group] && ratio >= -scales.below[group]
        }
        #expect(inside >= 270)
        #expect(scales.scaled(12, middle: 10, group: 0) == 10 + 2 * scales.above[0])
        #expect(scales.scaled(8, middle: 10, group: 0) == 10 - 2 * scales.below[0])
    }

    @Test("blocks come from about the phase at which they are used")
    func blocks() {
        let series = DemandSeries(values: Array(repeating: 1, count: 240), seasons: [24])
        let bootstrap = BlockBootstrap(series: series, count: 240, horizon: 48)
        let uniform = Self.draws(3)("blocks", 0)
        for _ in 0..<20 {
            let steps = bootstrap.draw(from: 240, horizon: 48, uniform: uniform)
            #expect(steps.count == 48 && steps.allSatisfy(bootstrap.steps.contains))
            for (ahead, step) in steps.enumerated() where step + 1 < bootstrap.steps.upperBound {
                let distance = abs((step - ahead) % 24)
                #expect(min(distance, 24 - distance) <= bootstrap.tolerance)
            }
        }
    }

    @Test("Nelder and Mead find the lowest point of a valley")
    func leastPoint() {
        let point = Statistics.leastPoint(near: [-1, 1], tolerance: 1e-6, rounds: 500) { at in
            let (x, y) = (at[0], at[1])
            return (1 - x) * (1 - x) + 100 * (y - x * x) * (y - x * x)
        }
        #expect(abs(point[0] - 1) < 1e-3 && abs(point[1] - 1) < 1e-3)
    }
}
