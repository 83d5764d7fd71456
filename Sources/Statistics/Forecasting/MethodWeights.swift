import CGSL

/// How much each method counts in the forecast.
///
/// Half of the weight follows from the back-test inside the series: the best methods there, each by a power of its score.
/// The other half goes to exponential smoothing by Akaike's weights: what a form explains one step ahead, less what its
/// parameters cost. The one half knows how far ahead is asked, and has few points; the other has every value, and knows one
/// step ahead only. A form that did badly in the back-test loses its part of the second half too, and who foretells what
/// nobody else does is doubted.
struct MethodWeights {
    /// Places in the list of methods, the heaviest first, and their weights; the sum is 1.
    let places: [Int]
    let weights: [Double]

    /// A score counts by its inverse to this power.
    private static let power = 4.0
    /// Methods that count less than this share of the heaviest are left out.
    private static let least = 0.01

    init(_ trials: [MethodTrial], _ ranking: MethodRanking, _ settings: DemandForecast.Settings) {
        var sums = trials.map { _ in 0.0 }
        let best = ranking.order.prefix(settings.members)
        let total = best.reduce(0) { $0 + pow(ranking.scores[$1], -Self.power) }
        for place in best { sums[place] += pow(ranking.scores[place], -Self.power) / total / 2 }
        let informed = ranking.order.filter { trials[$0].method.isPlainSmoothing }
        let lowest = informed.map { trials[$0].now.information }.min() ?? 0
        let shares = informed.map { exp((lowest - trials[$0].now.information) / 2) }
        let all = shares.reduce(0, +)
        for (place, share) in zip(informed, shares) {
            sums[place] += share / all / 2 * pow(ranking.ratios[place], -Self.power)
        }
        let weighed = sums.indices.filter { sums[$0] > 0 }
        if let usual = weighed.map({ ranking.errors[$0] }).filter(\.isFinite).min(), usual > 0 {
            let rows = weighed.map { trials[$0].now.points[0] }
            for (place, sum) in zip(weighed, Self.doubted(weighed.map { sums[$0] }, rows, usual: usual)) {
                sums[place] = sum
            }
        }
        let heaviest = sums.max() ?? 0
        let kept = sums.indices.filter { sums[$0] > 0 && sums[$0] >= Self.least * heaviest }
            .sorted { (-sums[$0], $0) < (-sums[$1], $1) }
        let sum = kept.reduce(0) { $0 + sums[$1] }
        places = kept
        weights = kept.map { sums[$0] / sum }
    }

    /// How many usual errors a method may lie off the middle of all.
    private static let doubtful = 1.5

    /// Takes weight from methods that foretell something else than most do, farther off than forecasts here usually err
    /// (P. J. Huber's weights): after a sudden change that the back-test has not seen, some of them run away.
    static func doubted(_ weights: [Double], _ rows: [[Double]], usual: Double) -> [Double] {
        guard rows.count > 2, let horizon = rows.first?.count, horizon > 0 else { return weights }
        var distances = rows.map { _ in 0.0 }
        for step in 0..<horizon {
            let order = rows.indices.sorted { (rows[$0][step], $0) < (rows[$1][step], $1) }
            let values = order.map { rows[$0][step] }
            let middle = weightedQuantile(sorted: values, weights: order.map { weights[$0] }, 0.5) ?? .nan
            for index in rows.indices { distances[index] += abs(rows[index][step] - middle) }
        }
        return zip(weights, distances).map { weight, distance in
            let multiple = distance / Double(horizon) / usual
            return multiple > doubtful ? weight * doubtful / multiple : weight
        }
    }
}
