import CGSL

/// What goes on of a regression's errors: a level that fades from step to step and follows each error by a share.
struct ErrorFilter: Sendable {
    /// How much of the level is left after a step, and how much of an error's surprise it takes up; both 0 to 1.
    private(set) var memory = 0.0
    private(set) var share = 0.0
    private var level = 0.0

    init() {}

    /// Creates the filter that leaves the least squared surprise of these errors (NaN: missing).
    init(fittedTo errors: [Double]) {
        func filter(_ point: [Double]) -> ErrorFilter {
            var filter = ErrorFilter()
            filter.memory = 1 / (1 + exp(-point[0]))
            filter.share = 1 / (1 + exp(-point[1]))
            return filter
        }
        self = filter(
            leastPoint(near: [2, 0], step: 1, tolerance: 1e-2, rounds: 80) { point in
                var filter = filter(point)
                var sum = 0.0
                for error in errors {
                    let surprise = filter.observe(error)
                    if !surprise.isNaN { sum += surprise * surprise }
                }
                return sum
            })
    }

    /// Takes in an error, and returns how far the expected one was off.
    mutating func observe(_ error: Double) -> Double {
        let expected = memory * level
        let surprise = error - expected
        level = surprise.isNaN ? expected : expected + share * surprise
        return surprise
    }

    /// Goes one step on, and returns the error there.
    mutating func advance(by innovation: Double) -> Double {
        let expected = memory * level
        level = expected + share * innovation
        return expected + innovation
    }

    mutating func forget() { level = 0 }
}
