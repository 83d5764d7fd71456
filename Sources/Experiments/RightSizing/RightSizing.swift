import Autoscalers
import Chronology
import KubernetesAPI
import Observations
package import Simulation

/// Requests against what containers use, and what a run comes to with better ones: simulated, never multiplied.
package struct RightSizing {
    package let rule: SizingRule
    /// In the order of the manifests.
    package let containers: [ContainerSizing]
    /// Containers of which nothing is known, which keep their requests.
    package let unknown: [ContainerPlace]
    package let before: RunFigures
    package let after: RunFigures

    /// Runs a setup, recommends requests, and runs it again with them; `progress` hears what begins.
    package init(_ setup: WorldSetup, rule: SizingRule, progress: (String) -> Void = { _ in }) {
        self.rule = rule
        progress("as it is")
        var survey = UsageSurvey(setup, every: .seconds(rule.sampleSeconds))
        before = survey.run()
        var sized: [ContainerSizing] = []
        var unknown: [ContainerPlace] = []
        for object in setup.objects {
            let known = WorkloadContainers.places(of: object)
            let ranges = known.isEmpty ? [] : setup.objects.limitRangeItems(for: object)
            for (place, container) in known {
                guard let samples = survey.samples[place], samples.knowsCPU || samples.knowsMemory else {
                    unknown.append(place)
                    continue
                }
                sized.append(Self.sizing(place, container, samples, rule, containers: known.count, ranges))
            }
        }
        containers = sized
        self.unknown = unknown
        guard sized.contains(where: { $0.cpu.isChange || $0.memory.isChange }) else {
            after = before
            return
        }
        progress("with other requests")
        var again = UsageSurvey(setup.sized(by: sized), every: nil)
        after = again.run()
    }

    private static func sizing(
        _ place: ContainerPlace, _ container: Container, _ samples: UsageSamples, _ rule: SizingRule, containers: Int,
        _ ranges: [LimitRange.Item]
    ) -> ContainerSizing {
        let recommended = rule.request(from: samples, of: container, containers: containers, ranges: ranges)
        return ContainerSizing(
            place: place,
            cpu: ContainerSizing.Resource(
                request: container.requests[.cpu]?.milliValue, median: samples.cpuMilli(percentile: 50),
                percentile: samples.cpuMilli(percentile: rule.percentile),
                greatest: samples.cpuMilli(percentile: 100), recommended: recommended.cpuMilli),
            memory: ContainerSizing.Resource(
                request: container.requests[.memory]?.value, median: samples.memoryBytes(percentile: 50),
                percentile: samples.memoryBytes(percentile: rule.percentile),
                greatest: samples.memoryBytes(percentile: 100), recommended: recommended.memoryBytes))
    }
}

/// A run that is looked at as it goes.
struct UsageSurvey {
    private let setup: WorldSetup
    private let period: Duration?
    private(set) var samples: [ContainerPlace: UsageSamples] = [:]

    init(_ setup: WorldSetup, every period: Duration?) {
        self.setup = setup
        self.period = period
    }

    /// Runs to the horizon and returns what it came to.
    mutating func run() -> RunFigures {
        let tally = FigureTally()
        var world = World(setup, observer: tally)
        if let period {
            let requests = Self.memoryRequests(of: setup)
            var look = Instant.start + period
            while let next = world.nextInstant, next <= world.end {
                while look < next {
                    take(tally, requests)
                    world.surveyUsage(at: look) { samples[$0.place, default: UsageSamples()].add($0, at: look) }
                    look = look + period
                }
                guard world.run(events: 1) else { break }
            }
        }
        world.run()
        tally.figures.take(world.metrics)
        tally.figures.podsRefused = tally.refusedPods(in: world.view)
        return tally.figures
    }

    /// Tells the histories of containers that were killed since the last look.
    private mutating func take(_ tally: FigureTally, _ requests: [ContainerPlace: Int64]) {
        guard !tally.kills.isEmpty else { return }
        for kill in tally.kills {
            guard let owner = tally.controllers[kill.controller] else { continue }
            let place = ContainerPlace(
                namespace: owner.namespace, kind: owner.kind, owner: owner.name, container: kill.container)
            samples[place, default: UsageSamples()].history.addOutOfMemory(
                requestBytes: requests[place] ?? 0, pod: kill.pod, at: kill.at)
        }
        tally.kills = []
    }

    private static func memoryRequests(of setup: WorldSetup) -> [ContainerPlace: Int64] {
        var requests: [ContainerPlace: Int64] = [:]
        for object in setup.objects {
            for (place, container) in WorkloadContainers.places(of: object) {
                requests[place] = container.requests[.memory]?.value ?? 0
            }
        }
        return requests
    }
}

extension WorldSetup {
    /// Returns this setup with other requests, in which containers use what they did before.
    func sized(by containers: [ContainerSizing]) -> WorldSetup {
        var setup = self
        var wanted: [ContainerPlace: ContainerSizing] = [:]
        for sizing in containers {
            wanted[sizing.place] = sizing
            setup.usageBases[sizing.place] = UsageBasis(
                cpuMilli: sizing.cpu.request ?? 0, memoryBytes: sizing.memory.request ?? 0)
        }
        func change(_ object: inout KubernetesObject) {
            let owner = object
            guard owner.metadata.controllerReference == nil else { return }
            WorkloadContainers.change(&object) { spec in
                func change(_ container: inout Container) {
                    guard let sizing = wanted[WorkloadContainers.place(of: container, in: owner)] else { return }
                    if let milli = sizing.cpu.recommended { container.requests[.cpu] = Quantity(milli: milli) }
                    if let bytes = sizing.memory.recommended {
                        container.requests[.memory] = Quantity(bytes, format: .binarySI)
                    }
                }
                for place in spec.initContainers.indices where spec.initContainers[place].isSidecar {
                    change(&spec.initContainers[place])
                }
                for place in spec.containers.indices { change(&spec.containers[place]) }
            }
        }
        for place in setup.objects.indices { change(&setup.objects[place]) }
        for place in setup.changes.indices {
            guard case .apply(var objects) = setup.changes[place].act else { continue }
            for index in objects.indices { change(&objects[index]) }
            setup.changes[place].act = .apply(objects)
        }
        return setup
    }
}
