import Chronology
import Experiments
import Foundation
import Simulation

extension RightSizeReport {
    /// The report as one JSON object: money in dollars and exactly in nano-dollars, CPU in thousandths of a core.
    var json: String {
        get throws {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
            let document = Document(
                scenario: name, horizonSeconds: Double(horizon.nanoseconds) / 1e9,
                recommender: sizing.rule.recommender.rawValue, percentile: sizing.rule.percentile,
                marginPercent: sizing.rule.marginPercent, containers: sizing.containers.map(Document.Container.init),
                unknown: sizing.unknown.map { "\($0.kind) \($0.namespace)/\($0.owner) \($0.container)" },
                before: Document.Run(sizing.before), after: Document.Run(sizing.after),
                savedUSD: Double(sizing.before.bill - sizing.after.bill) / 1e9,
                verdict: verdict.trimmingCharacters(in: .newlines))
            return String(decoding: try encoder.encode(document), as: UTF8.self) + "\n"
        }
    }

    private struct Document: Encodable {
        struct Resource: Encodable {
            let request: Int64?
            let median: Int64?
            let percentile: Int64?
            let greatest: Int64?
            let recommended: Int64?

            init(_ resource: ContainerSizing.Resource) {
                request = resource.request
                median = resource.median
                percentile = resource.percentile
                greatest = resource.greatest
                recommended = resource.recommended
            }
        }

        struct Container: Encodable {
            let namespace: String
            let kind: String
            let owner: String
            let container: String
            let cpuMilli: Resource
            let memoryBytes: Resource

            init(_ sizing: ContainerSizing) {
                namespace = sizing.place.namespace
                kind = sizing.place.kind
                owner = sizing.place.owner
                container = sizing.place.container
                cpuMilli = Resource(sizing.cpu)
                memoryBytes = Resource(sizing.memory)
            }
        }

        struct Run: Encodable {
            let billUSD: Double
            let billNanoUSD: Int64
            let idleUSD: Double
            let machineHours: Double
            let podsPending: Int64
            let podsRefused: Int64
            let longestWaitSeconds: Double
            let podsEvicted: Int64
            let outOfMemoryKills: Int64
            let restarts: Int64
            let throttledCoreSeconds: Double
            let objectiveMissedSeconds: Double

            init(_ figures: RunFigures) {
                billUSD = Double(figures.bill) / 1e9
                billNanoUSD = figures.bill
                idleUSD = Double(figures.idle) / 1e9
                machineHours = Double(figures.machineTime) / 3.6e12
                podsPending = figures.podsPending
                podsRefused = figures.podsRefused
                longestWaitSeconds = Double(figures.longestWait) / 1e9
                podsEvicted = figures.podsEvicted
                outOfMemoryKills = figures.outOfMemoryKills
                restarts = figures.restarts
                throttledCoreSeconds = Double(figures.throttled) / 1e3
                objectiveMissedSeconds = Double(figures.objectiveMissed) / 1e9
            }
        }

        let scenario: String
        let horizonSeconds: Double
        let recommender: String
        let percentile: Int64
        let marginPercent: Int64
        let containers: [Container]
        let unknown: [String]
        let before: Run
        let after: Run
        let savedUSD: Double
        let verdict: String
    }
}
