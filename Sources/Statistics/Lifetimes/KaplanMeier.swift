/// The share that lives longer than each age, of a sample of which some were not seen to their end.
///
/// Where nothing is censored it is the share of lengths above the age.
package struct KaplanMeier: Hashable, Sendable {
    /// From an age on, the share that has ended by then.
    package struct Step: Hashable, Sendable {
        package let age: Double
        package let ended: Double
    }

    /// One step for each distinct length that ended, ascending.
    package let steps: [Step]

    /// Creates the estimate; both lists ascend. Of equal lengths, what ended counts as ended before what was given up.
    package init(ended: [Double], censored: [Double]) {
        var steps: [Step] = []
        var survival = 1.0
        var left = ended.count + censored.count
        var (place, gone) = (0, 0)
        while place < ended.count {
            let age = ended[place]
            while gone < censored.count, censored[gone] < age {
                gone += 1
                left -= 1
            }
            let first = place
            while place < ended.count, ended[place] == age { place += 1 }
            survival *= Double(left - (place - first)) / Double(left)
            left -= place - first
            steps.append(Step(age: age, ended: left == 0 ? 1 : 1 - survival))
        }
        self.steps = steps
    }

    /// Returns the age by which the `share` has ended; nil when it was not watched for so long.
    package func age(ofShare share: Double) -> Double? {
        var (low, high) = (0, steps.count)
        while low < high {
            let middle = (low + high) / 2
            if steps[middle].ended < share { low = middle + 1 } else { high = middle }
        }
        return low < steps.count ? steps[low].age : nil
    }
}
