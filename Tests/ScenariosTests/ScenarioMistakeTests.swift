import Scenarios
import Faults
import Testing

@Suite("A malformed scenario is answered with the place and what was expected")
struct ScenarioMistakeTests {
    /// A mistake: a sentence, the spec that has it, and the errors that are found.
    struct Row: Sendable, CustomStringConvertible {
        let description: String
        let spec: String
        let errors: [String]

        init(_ description: String, _ spec: String, _ errors: String...) {
            self.description = description
            self.spec = spec
            self.errors = errors
        }
    }

    @Test("the errors are these and no others", arguments: rows)
    func mistake(row: Row) {
        let loaded = ScenarioFixtures.load(spec: row.spec, files: [("bad.csv", "time,value\n1h,3\n2h,many\n")])
        #expect(ScenarioFixtures.errors(loaded) == row.errors)
        #expect(loaded.setup == nil)
    }

    static let rows: [Row] = [
        Row(
            "an unknown field has the nearest name",
            "  pool: []",
            "scenario.yaml:5:3: error: spec.pool: unknown field (did you mean \"pools\"?)"),
        Row(
            "an unknown field in a pool has its column",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, zone: us-east-1a}",
            "scenario.yaml:6:51: error: spec.pools[0].zone: unknown field (did you mean \"zones\"?)"),
        Row(
            "volume drivers are a list of names",
            "  volumes: {provisioners: [3], standIn: true}",
            "scenario.yaml:5:28: error: spec.volumes.provisioners[0]: found the number 3 (expected a text)",
            "scenario.yaml:5:32: error: spec.volumes.standIn: unknown field (did you mean \"standIns\"?)"),
        Row(
            "a pool needs a count",
            "  pools:\n    - {name: a, machineType: m6i.large}",
            "scenario.yaml:6:7: error: spec.pools[0].count: a value is required (expected the number of machines)"),
        Row(
            "a pool needs a machine type",
            "  pools:\n    - {name: a, count: 1}",
            "scenario.yaml:6:7: error: spec.pools[0].machineType: a value is required"),
        Row(
            "a pool's name becomes part of node names",
            "  pools:\n    - {name: A_b, machineType: m6i.large, count: 1}",
            "scenario.yaml:6:14: error: spec.pools[0].name: \"A_b\" cannot be part of an object's name "
                + "(expected lower-case letters, digits and hyphens, at most 50)"),
        Row(
            "a count is not negative",
            "  pools:\n    - {name: a, machineType: m6i.large, count: -1}",
            "scenario.yaml:6:48: error: spec.pools[0].count: found the number -1 (expected a whole "
                + "number from 0 to 100000)"),
        Row(
            "an unknown machine type has neighbours",
            "  pools:\n    - {name: a, machineType: m6i.larg, count: 1}",
            "scenario.yaml:6:30: error: spec.pools[0].machineType: there is no machine type \"m6i.larg\" "
                + "(expected such as m6i.large, c6i.large, m6a.large)"),
        Row(
            "two pools of one name",
            """
              pools:
                - {name: a, machineType: m6i.large, count: 1}
                - {name: a, machineType: m6i.large, count: 1}
            """,
            "scenario.yaml:6:5: error: spec.pools: the name \"a\" occurs twice"),
        Row(
            "a purchase is one of two",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, purchase: Spot}",
            "scenario.yaml:6:61: error: spec.pools[0].purchase: found the text \"Spot\" (expected one of "
                + "on-demand, spot; did you mean \"spot\"?)"),
        Row(
            "a pool names a zone once",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, zones: [us-east-1a, us-east-1a]}",
            "scenario.yaml:6:58: error: spec.pools[0].zones: the zone us-east-1a is named twice (expected each zone once)"),
        Row(
            "a machine has no more processors than there are",
            "  machineTypes: [{name: big, cpu: 1e15, memory: 7Ei, disk: 1Ei}]",
            "scenario.yaml:5:35: error: spec.machineTypes[0].cpu: found 1P (expected at most a million processors)",
            "scenario.yaml:5:49: error: spec.machineTypes[0].memory: found 7Ei (expected at most 64Ti)",
            "scenario.yaml:5:60: error: spec.machineTypes[0].disk: found 1Ei (expected at most 64Ti)"),
        Row(
            "prices can be counted",
            "  pools: [{name: a, machineType: m6i.large, count: 1, price: 4000000000}]\n  prices: {storage: 4000000000}",
            "scenario.yaml:5:62: error: spec.pools[0].price: found the number 4000000000 (expected at most 1000000 US "
                + "dollars)",
            "scenario.yaml:6:21: error: spec.prices.storage: found the number 4000000000 (expected at most 1000000 US "
                + "dollars)"),
        Row(
            "a usage can be counted",
            "  workloads: [{usage: {cpu: 1e13, memory: 8Ei, ephemeralStorage: {constant: 99999999999999%}}}]",
            "scenario.yaml:5:29: error: spec.workloads[0].usage.cpu: found the number 10000000000000 (expected at most a "
                + "million processors)",
            "scenario.yaml:5:43: error: spec.workloads[0].usage.memory: found the text \"8Ei\" (expected at most 64Ti)",
            "scenario.yaml:5:77: error: spec.workloads[0].usage.ephemeralStorage.constant: found the text "
                + "\"99999999999999%\" (expected an amount such as 300Mi, or a share of the request such as 50%)"),
        Row(
            "requests can be counted",
            "  services: [{name: web, cpu: 1ms, memory: 8Ei, traffic: {diurnal: {base: 1, peak: 1e13}}}]",
            "scenario.yaml:5:84: error: spec.services[0].traffic.diurnal.peak: found the number 10000000000000 (expected "
                + "at most 1000000000 requests a second)",
            "scenario.yaml:5:44: error: spec.services[0].memory: found 9223372036854775807 (expected at most 64Ti)",
            "scenario.yaml:5:14: error: spec.services[0].name: the manifests hold no Service default/web (expected the "
                + "name of a Service, or match for the workload whose pods serve)"),
        Row(
            "nothing comes every nanosecond",
            """
              arrivals: [{name: a, template: a.yaml, every: 1ns}]
              faults: [{kind: NodeCrash, every: 1ns}]
              changes: [{every: 1us, replacePods: 5%}]
              workloads: [{checkpoint: {every: 1ns, cost: 36500d}}]
            """,
            "scenario.yaml:8:36: error: spec.workloads[0].checkpoint.every: found 1ns (expected 1ms or more)",
            "scenario.yaml:8:47: error: spec.workloads[0].checkpoint.cost: found the text \"36500d\" (expected a length "
                + "of time of at most ten years (3650d))",
            "scenario.yaml:6:37: error: spec.faults[0].every: found 1ns (expected 1ms or more)",
            "scenario.yaml:7:21: error: spec.changes[0].every: found 1us (expected 1ms or more)",
            "scenario.yaml:5:49: error: spec.arrivals[0].every: found 1ns (expected 1ms or more)"),
        Row(
            "a price is an amount of money",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, price: cheap}",
            "scenario.yaml:6:58: error: spec.pools[0].price: found the text \"cheap\" (expected an amount "
                + "of US dollars such as 0.096 or \"$12.50\")"),
        Row(
            "a taint needs an effect",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, taints: [{key: x}]}",
            "scenario.yaml:6:60: error: spec.pools[0].taints[0].effect: a value is required (expected "
                + "one of NoSchedule, PreferNoSchedule, NoExecute)"),
        Row(
            "a pool starts running or booting",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, start: runing}",
            "scenario.yaml:6:58: error: spec.pools[0].start: found the text \"runing\" (expected one of "
                + "running, booting; did you mean \"running\"?)"),
        Row(
            "a machine type needs memory",
            "  machineTypes: [{name: big, cpu: 8}]",
            "scenario.yaml:5:18: error: spec.machineTypes[0].memory: a value is required (expected a "
                + "quantity such as 16Gi)"),
        Row(
            "a machine type has processors",
            "  machineTypes: [{name: big, cpu: 0, memory: 8Gi}]",
            "scenario.yaml:5:35: error: spec.machineTypes[0].cpu: the amount must be above zero"),
        Row(
            "a reservation has a known name",
            "  machineTypes: [{name: big, cpu: 1, memory: 8Gi, reservation: ekss}]",
            "scenario.yaml:5:64: error: spec.machineTypes[0].reservation: found the text \"ekss\" "
                + "(expected one of none, kubelet, eks, gke; did you mean \"eks\"?)"),
        Row(
            "a start is a date",
            "  start: \"2026-13-01\"",
            "scenario.yaml:5:10: error: spec.start: invalid time \"2026-13-01\": the calendar has no such "
                + "day (expected a date in quotes such as \"2026-01-05\" or \"2026-01-05T08:00:00+01:00\")"),
        Row(
            "a duration has a unit",
            "  duration: 30",
            "scenario.yaml:5:13: error: spec.duration: found the number 30 (expected a length of time "
                + "such as 90s, 1h30m or 30d)"),
        Row(
            "a duration has a known unit",
            "  duration: 30x",
            "scenario.yaml:5:13: error: spec.duration: found the text \"30x\" (expected a length of time "
                + "such as 90s, 1h30m or 30d; unknown unit \"x\" (known: ns, us, ms, s, m, h, d, w))"),
        Row(
            "a duration is above zero",
            "  duration: 0s",
            "scenario.yaml:5:13: error: spec.duration: found 0s (expected a length of time above zero "
                + "and up to 100 years, such as 30d)"),
        Row(
            "a seed is a whole number",
            "  seed: -1",
            "scenario.yaml:5:9: error: spec.seed: found the number -1 (expected a whole number that is "
                + "not negative)"),
        Row(
            "manifests must exist",
            "  manifests: [nowhere.yaml]",
            "nowhere.yaml: error: the run has not kept this file: it cannot be replayed"),
        Row(
            "a provider is known",
            "  prices: {provider: azure}",
            "scenario.yaml:5:22: error: spec.prices.provider: there are no prices of \"azure\" (expected "
                + "one of aws, gcp)"),
        Row(
            "a control plane's fee is money",
            "  prices: {controlPlane: free}",
            "scenario.yaml:5:26: error: spec.prices.controlPlane: found the text \"free\" (expected an "
                + "amount of US dollars such as 0.096 or \"$12.50\")"),
        Row(
            "an image has a size, layers, or is missing",
            "  images: [{name: x}]",
            "scenario.yaml:5:12: error: spec.images[0]: found none of them (expected exactly one of "
                + "size, layers, platforms, missing: true, missingRepository: true)"),
        Row(
            "an image has only one of them",
            "  images: [{name: x, size: 1Mi, missing: true}]",
            "scenario.yaml:5:12: error: spec.images[0]: found size and missing (expected exactly one of "
                + "size, layers, platforms, missing: true, missingRepository: true)"),
        Row(
            "a layer has one size",
            "  images: [{name: x, layers: [{digest: a, size: 1Mi}]}, {name: b, layers: [{digest: a, size: 2Mi}]}]",
            "scenario.yaml:5:94: error: spec.images[1].layers[0].size: the layer \"a\" has 1048576 bytes elsewhere"),
        Row(
            "an image occurs once, however its name is spelled",
            "  images: [{name: nginx, size: 1Mi}, {name: \"docker.io/library/nginx:latest\", size: 1Mi}]",
            "scenario.yaml:5:11: error: spec.images: the image \"docker.io/library/nginx:latest\" occurs twice"),
        Row(
            "a digest is a SHA-256",
            "  images: [{name: x, size: 1Mi, digest: \"sha256:12\"}]",
            "scenario.yaml:5:41: error: spec.images[0].digest: found the text \"sha256:12\" (expected sha256: and "
                + "64 hexadecimal digits in lower case)"),
        Row(
            "a platform has an architecture that there is",
            "  images: [{name: x, platforms: [{architecture: amd46, size: 1Mi}]}]",
            "scenario.yaml:5:49: error: spec.images[0].platforms[0].architecture: found the text \"amd46\" "
                + "(expected one of amd64, arm64; did you mean \"amd64\"?)"),
        Row(
            "a registry is a host",
            "  registries: [{name: a/b}]",
            "scenario.yaml:5:23: error: spec.registries[0].name: found the text \"a/b\" (expected a host such as "
                + "registry.example.com, without a path)"),
        Row(
            "a quota has a window",
            "  registries: [{name: a.io, rateLimit: {pulls: 100}}]",
            "scenario.yaml:5:40: error: spec.registries[0].rateLimit.window: a value is required (expected "
                + "a length of time such as 90s, 1h30m or 30d)"),
        Row(
            "peers are in a zone or in the cluster",
            "  imageDistribution: {peers: zones}",
            "scenario.yaml:5:30: error: spec.imageDistribution.peers: found the text \"zones\" (expected one of "
                + "zone, cluster; did you mean \"zone\"?)"),
        Row(
            "lazy loading needs a beginning",
            "  imageDistribution: {lazyLoading: 0%}",
            "scenario.yaml:5:36: error: spec.imageDistribution.lazyLoading: found the text \"0%\" (expected "
                + "a share above zero that must be there before the start, such as 10%)"),
        Row(
            "a digest cannot be moved",
            "  changes: [{at: 1h, moveTag: {image: \"web@sha256:12\", size: 1Mi}}]",
            "scenario.yaml:5:39: error: spec.changes[0].moveTag.image: what a digest names never changes (expected "
                + "a tag such as web:stable)"),
        Row(
            "a tag is moved to one thing",
            "  changes: [{at: 1h, moveTag: {image: web}}]",
            "scenario.yaml:5:31: error: spec.changes[0].moveTag: found none of them (expected exactly one of "
                + "to, digest, size, layers, platforms)"),
        Row(
            "parallel pulls are not serialized",
            "  parameters: {kubelet.maxParallelImagePulls: 3, kubelet.serializeImagePulls: true}",
            "scenario.yaml:5:47: error: spec.parameters[\"kubelet.maxParallelImagePulls\"]: pulls are serialized, so there "
                + "is one at a time (expected kubelet.serializeImagePulls: false beside it)"),
        Row(
            "critical pods get a part of the time of a shutdown",
            "  parameters: {kubelet.shutdownGracePeriod: 10s, kubelet.shutdownGracePeriodCriticalPods: 20s}",
            "scenario.yaml:5:91: error: spec.parameters[\"kubelet.shutdownGracePeriodCriticalPods\"]: the time for critical "
                + "pods is part of kubelet.shutdownGracePeriod (expected at most 10s)"),
        Row(
            "the time of a shutdown is a second or more",
            "  parameters: {kubelet.shutdownGracePeriod: 500ms}",
            "scenario.yaml:5:45: error: spec.parameters[\"kubelet.shutdownGracePeriod\"]: the period is below a second "
                + "(expected 0s or at least 1s)"),
        Row(
            "the time of a shutdown goes by priority or not",
            "  parameters: {kubelet.shutdownGracePeriod: 10s, kubelet.shutdownGracePeriodByPodPriority: "
                + "[{priority: 0, shutdownGracePeriodSeconds: 5}]}",
            "scenario.yaml:5:45: error: spec.parameters[\"kubelet.shutdownGracePeriod\"]: not allowed together with "
                + "kubelet.shutdownGracePeriodByPodPriority (expected one of the two)"),
        Row(
            "the thresholds of image collection are in order",
            "  parameters: {kubelet.imageGCLowThresholdPercent: 90}",
            "scenario.yaml:5:52: error: spec.parameters[\"kubelet.imageGCLowThresholdPercent\"]: the low threshold is not "
                + "below the high one (expected a low one below 85)"),
        Row(
            "a layer needs a size",
            "  images: [{name: x, layers: [{digest: a}]}]",
            "scenario.yaml:5:31: error: spec.images[0].layers[0].size: a value is required (expected a "
                + "size such as 30Mi)"),
        Row(
            "a rule says something",
            "  workloads: [{match: {name: web}}]",
            "scenario.yaml:5:15: error: spec.workloads[0]: the rule says nothing about its containers (expected one of "
                + "runTime, startDelay, readyAfter, terminationTime, exitCode, failureProbability, failureExitCode, "
                + "failingRuns, failureAfter, usage, checkpoint, hangsAfter, livenessFailsAfter, unreadyAfter, unreadyFor, "
                + "postStartTime, postStartFailureProbability, preStopTime)"),
        Row(
            "a rule's kind owns pods",
            "  workloads: [{match: {kind: Deploymnt}, runTime: 1s}]",
            "scenario.yaml:5:30: error: spec.workloads[0].match.kind: \"Deploymnt\" owns no pods (expected "
                + "one of Deployment, ReplicaSet, StatefulSet, DaemonSet, Job, CronJob, ReplicationController, "
                + "Pod; did you mean \"Deployment\"?)"),
        Row(
            "a probability is at most 100%",
            "  workloads: [{failureProbability: 120%}]",
            "scenario.yaml:5:36: error: spec.workloads[0].failureProbability: found the text \"120%\" "
                + "(expected a share such as 5% or 0.05 up to 100%)"),
        Row(
            "an exit code is a byte",
            "  workloads: [{exitCode: 256}]",
            "scenario.yaml:5:26: error: spec.workloads[0].exitCode: found the number 256 (expected a "
                + "whole number from 0 to 255)"),
        Row(
            "a usage is an amount or a share",
            "  workloads: [{usage: {cpu: lots}}]",
            "scenario.yaml:5:29: error: spec.workloads[0].usage.cpu: found the text \"lots\" (expected an "
                + "amount such as 200m or 1.5, or a share of the request such as 50%)"),
        Row(
            "a curve has one shape",
            "  workloads: [{usage: {cpu: {constant: 1, diurnal: {base: 1, peak: 2}}}}]",
            "scenario.yaml:5:29: error: spec.workloads[0].usage.cpu: found constant and diurnal "
                + "(expected exactly one of constant, diurnal, csv)"),
        Row(
            "a peak is not below its base",
            "  workloads: [{usage: {cpu: {diurnal: {base: 2, peak: 1}}}}]",
            "scenario.yaml:5:55: error: spec.workloads[0].usage.cpu.diurnal.peak: the peak is below the base"),
        Row(
            "a peak is measured as its base is",
            "  workloads: [{usage: {cpu: {diurnal: {base: 20%, peak: 1}}}}]",
            "scenario.yaml:5:57: error: spec.workloads[0].usage.cpu.diurnal.peak: one of base and peak "
                + "is an amount and the other a share"),
        Row(
            "a time of day has a colon",
            "  workloads: [{usage: {cpu: {diurnal: {base: 1, peak: 2, peakAt: noon}}}}]",
            "scenario.yaml:5:66: error: spec.workloads[0].usage.cpu.diurnal.peakAt: found the text "
                + "\"noon\" (expected a time of day in quotes such as \"14:30\")"),
        Row(
            "a step divides a day",
            "  workloads: [{usage: {cpu: {diurnal: {base: 1, peak: 2, step: 7m}}}}]",
            "scenario.yaml:5:64: error: spec.workloads[0].usage.cpu.diurnal.step: 7m does not divide a "
                + "day into whole minutes (expected such as 5m, 15m or 1h)"),
        Row(
            "a curve's file must exist",
            "  workloads: [{usage: {cpu: {csv: nowhere.csv}}}]",
            "nowhere.csv: error: the run has not kept this file: it cannot be replayed"),
        Row(
            "a curve's file is read line by line",
            "  workloads: [{usage: {cpu: {csv: bad.csv}}}]",
            "bad.csv:3:1: error: \"many\" is no number"),
        Row(
            "a distribution has a known name",
            "  workloads: [{runTime: {lognormall: {median: 1s, p95: 2s}}}]",
            "scenario.yaml:5:26: error: spec.workloads[0].runTime.lognormall: unknown distribution "
                + "(expected one of constant, uniform, exponential, normal, lognormal, weibull, gompertz, "
                + "gamma, pareto, empirical; did you mean \"lognormal\"?)"),
        Row(
            "a distribution has all its parameters",
            "  workloads: [{runTime: {weibull: {scale: 1h}}}]",
            "scenario.yaml:5:35: error: spec.workloads[0].runTime.weibull.shape: a value is required "
                + "(expected a number)"),
        Row(
            "a distribution has parameters that make sense",
            "  workloads: [{runTime: {weibull: {scale: 1h, shape: 0}}}]",
            "scenario.yaml:5:35: error: spec.workloads[0].runTime.weibull: the shape must be a finite "
                + "number above zero, not 0.0"),
        Row(
            "a percentile is not below the median",
            "  workloads: [{runTime: {lognormal: {median: 10s, p95: 2s}}}]",
            "scenario.yaml:5:56: error: spec.workloads[0].runTime.lognormal.p95: the 95th percentile is "
                + "below the median"),
        Row(
            "a uniform has its bounds in order",
            "  workloads: [{runTime: {uniform: {low: 3s, high: 2s}}}]",
            "scenario.yaml:5:35: error: spec.workloads[0].runTime.uniform: the lower bound is above the upper bound"),
        Row(
            "weights are as many as values",
            "  workloads: [{runTime: {empirical: {values: [1s, 2s], weights: [1]}}}]",
            "scenario.yaml:5:65: error: spec.workloads[0].runTime.empirical.weights: 2 values have 1 weights"),
        Row(
            "one distribution at a time",
            "  workloads: [{runTime: {constant: 1s, exponential: {mean: 1s}}}]",
            "scenario.yaml:5:25: error: spec.workloads[0].runTime: found constant and exponential "
                + "(expected exactly one of constant, uniform, exponential, normal, lognormal, weibull, "
                + "gompertz, gamma, pareto, empirical)"),
        Row(
            "a fault's kind is known",
            "  faults: [{kind: NodeCrsh, at: 1h}]",
            "scenario.yaml:5:19: error: spec.faults[0].kind: there is no fault \"NodeCrsh\" (expected one of "
                + FaultRegistry.kinds.map { $0.name }.joined(separator: ", ") + "; did you mean \"NodeCrash\"?)"),
        Row(
            "a fault strikes at some time",
            "  faults: [{kind: NodeCrash}]",
            "scenario.yaml:5:12: error: spec.faults[0]: it is not said when the fault strikes (expected "
                + "one of at, every, lifetime, trace, when, after)"),
        Row(
            "a fault has a time or a lifetime",
            "  faults: [{kind: NodeCrash, at: 1h, lifetime: 3d}]",
            "scenario.yaml:5:48: error: spec.faults[0].lifetime: a fault has a lifetime or a time, not "
                + "both (expected one of at, every, lifetime, trace, when, after)"),
        Row(
            "a fault's time has a unit",
            "  faults: [{kind: NodeCrash, at: 3}]",
            "scenario.yaml:5:34: error: spec.faults[0].at: found the number 3 (expected a time since the "
                + "start such as 36h, or a date such as 2026-01-31T12:00:00Z)"),
        Row(
            "a fault's zone exists",
            "  faults: [{kind: ZoneOutage, at: 1h, target: {zone: us-east-1b}}]",
            "scenario.yaml:5:54: error: spec.faults[0].target.zone: there is no zone with machines "
                + "\"us-east-1b\" (expected one of us-east-1a; did you mean \"us-east-1a\"?)"),
        Row(
            "a fault's pool exists",
            "  faults: [{kind: NodeCrash, at: 1h, target: {pool: b}}]",
            "scenario.yaml:5:53: error: spec.faults[0].target.pool: there is no pool \"b\" (expected one "
                + "of a; did you mean \"a\"?)"),
        Row(
            "a fault's machine exists",
            "  faults: [{kind: NodeCrash, at: 1h, target: {nodes: [a-3]}}]",
            "scenario.yaml:5:55: error: spec.faults[0].target.nodes[0]: there is no machine \"a-3\" "
                + "(expected one of a-1, a-2; did you mean \"a-1\"?)"),
        Row(
            "a fault of machines has no registry",
            "  faults: [{kind: NodeCrash, at: 1h, target: {registry: docker.io}}]",
            "scenario.yaml:5:57: error: spec.faults[0].target.registry: this fault strikes machines "
                + "(expected nodes, zone, rack, region, pool or labels)"),
        Row(
            "a fault of controllers has no pool",
            "  faults: [{kind: ControllerCrash, at: 1h, target: {pool: a}}]",
            "scenario.yaml:5:59: error: spec.faults[0].target.pool: this fault strikes controller"
                + "s (expected controller: <name>, or nothing for all)"),
        Row(
            "a fault's controller exists",
            "  faults: [{kind: ControllerSlow, at: 1h, target: {controller: job-controler}}]",
            "scenario.yaml:5:64: error: spec.faults[0].target.controller: there is no controller "
                + "\"job-controler\" (expected the name of a controller, as kube-controller-manager has it; did you "
                + "mean \"job-controller\"?)"),
        Row(
            "a fault of the control plane has no target",
            "  faults: [{kind: WatchLoss, at: 1h, target: {controller: job-controller}}]",
            "scenario.yaml:5:59: error: spec.faults[0].target.controller: this fault strikes the "
                + "control plane as a whole (expected no target)"),
        Row(
            "a fault that slows nothing has no delay",
            "  faults: [{kind: SchedulerCrash, at: 1h, delay: 1s}]",
            "scenario.yaml:5:50: error: spec.faults[0].delay: SchedulerCrash slows nothing (expec"
                + "ted kind: LaunchSlow or RegistrySlow or BadRollout or ControllerSlow or APIServerSlow)"),
        Row(
            "a cache is one of two",
            "  parameters: {controller.cache: stale}",
            "scenario.yaml:5:34: error: spec.parameters[\"controller.cache\"]: found the text \"stale\" "
                + "(expected one of current, lagging)"),
        Row(
            "a permanent fault has no duration",
            "  faults: [{kind: NodeCrash, at: 1h, duration: 1h, permanent: true}]",
            "scenario.yaml:5:63: error: spec.faults[0].permanent: a permanent fault has no duration "
                + "(expected one of duration, permanent)"),
        Row(
            "a fault has the options of its kind",
            "  faults: [{kind: NodeSlow, at: 1h, notice: 1m}]",
            "scenario.yaml:5:45: error: spec.faults[0].notice: NodeSlow has no notice (expected one of speed)"),
        Row(
            "a slow machine is slow",
            "  faults: [{kind: NodeSlow, at: 1h, speed: 100%}]",
            "scenario.yaml:5:44: error: spec.faults[0].speed: found the text \"100%\" (expected a share between "
                + "0.1% and 99.9%)"),
        Row(
            "a fault waits for something or strikes by the clock",
            "  faults: [{kind: NodeCrash, at: 1h, when: {pending: 3}}]",
            "scenario.yaml:5:44: error: spec.faults[0].when: a fault waits for something or has a time, not both "
                + "(expected one of at, every, lifetime, trace, when, after)"),
        Row(
            "a fault waits for one thing",
            "  faults: [{kind: NodeCrash, when: {delay: 1m}}]",
            "scenario.yaml:5:36: error: spec.faults[0].when: it is not said what the fault waits for (expected "
                + "exactly one of pending, rollout)"),
        Row(
            "a fault follows one that there is",
            "  faults: [{name: dark, kind: NodeCrash, at: 1h}, {kind: NodeCrash, after: {fault: drak}}]",
            "scenario.yaml:5:84: error: spec.faults[1].after.fault: there is no fault called \"drak\" (expected "
                + "the name of another fault; did you mean \"dark\"?)"),
        Row(
            "faults do not wait for each other",
            "  faults: [{name: x, kind: NodeCrash, after: {fault: x}}]",
            "scenario.yaml:5:54: error: spec.faults[0].after.fault: the faults x wait for each other (expected a "
                + "first one that strikes by itself)"),
        Row(
            "an image fault says which images",
            "  faults: [{kind: ImageMissing, at: 1h}]",
            "scenario.yaml:5:12: error: spec.faults[0].target: it is not said which images (expected target: {image: "
                + "<reference>} or repository)"),
        Row(
            "a fault of pods has no registry",
            "  faults: [{kind: ContainerCrash, at: 1h, target: {registry: docker.io}}]",
            "scenario.yaml:5:62: error: spec.faults[0].target.registry: this fault strikes pods (expected namespace, "
                + "kind, name, labels, zone, rack, region or pool)"),
        Row(
            "a fault's rack is somewhere",
            "  faults: [{kind: RackOutage, at: 1h, target: {rack: r1}}]",
            "scenario.yaml:5:54: error: spec.faults[0].target.rack: nobody says which machines stand in which rack "
                + "(expected racks: <number> in a pool, or the label topology.kubernetes.io/rack)"),
        Row(
            "only machines take others along",
            "  faults: [{kind: ZoneOutage, at: 1h, commonCause: {within: zone, probability: 10%}}]",
            "scenario.yaml:5:52: error: spec.faults[0].commonCause: only single machines take others along (expected "
                + "a kind that strikes machines)"),
        Row(
            "a fault's names are unique",
            "  faults: [{name: x, kind: NodeCrash, at: 1h}, {name: x, kind: NodeCrash, at: 2h}]",
            "scenario.yaml:5:11: error: spec.faults: the name \"x\" occurs twice"),
        Row(
            "a change is made at some time",
            "  changes: [{drain: a-1}]",
            "scenario.yaml:5:13: error: spec.changes[0]: it is not said when the change is made "
                + "(expected at, every, or both)"),
        Row(
            "a change changes one thing",
            "  changes: [{at: 1h, drain: a-1, cordon: a-1}]",
            "scenario.yaml:5:13: error: spec.changes[0]: found cordon and drain (expected exactly one of "
                + "apply, scale, setImage, cordon, uncordon, drain, shutdown, reboot, delete, replacePods, moveTag, push)"),
        Row(
            "a change changes something",
            "  changes: [{at: 1h}]",
            "scenario.yaml:5:13: error: spec.changes[0]: it is not said what is changed (expected "
                + "exactly one of apply, scale, setImage, cordon, uncordon, drain, shutdown, reboot, delete, replacePods, moveTag, push)"),
        Row(
            "a scaled workload exists",
            "  changes: [{at: 1h, scale: {name: wep, replicas: 3}}]",
            "scenario.yaml:5:29: error: spec.changes[0].scale: the manifests hold no Deployment "
                + "default/wep (did you mean \"web\"?)"),
        Row(
            "only some kinds have replicas",
            "  changes: [{at: 1h, scale: {kind: Job, name: web, replicas: 3}}]",
            "scenario.yaml:5:36: error: spec.changes[0].scale.kind: found the text \"Job\" (expected one "
                + "of Deployment, ReplicaSet, StatefulSet)"),
        Row(
            "a container exists",
            "  changes: [{at: 1h, setImage: {name: web, container: wep, image: x}}]",
            "scenario.yaml:5:32: error: spec.changes[0].setImage.container: web has no container \"wep\" "
                + "(expected one of web; did you mean \"web\"?)"),
        Row(
            "a drained machine exists",
            "  changes: [{at: 1h, drain: a-9}]",
            "scenario.yaml:5:29: error: spec.changes[0].drain: there is no machine \"a-9\" (expected one "
                + "of a-1, a-2; did you mean \"a-1\"?)"),
        Row(
            "a drain in full names its node",
            "  changes: [{at: 1h, drain: {force: true}}]",
            "scenario.yaml:5:29: error: spec.changes[0].drain.node: a value is required (expected the name of a node)"),
        Row(
            "a drain in full names a machine",
            "  changes: [{at: 1h, drain: {node: a-9, timeout: 5m}}]",
            "scenario.yaml:5:36: error: spec.changes[0].drain.node: there is no machine \"a-9\" (expected one "
                + "of a-1, a-2; did you mean \"a-1\"?)"),
        Row(
            "a drain has kubectl's flags",
            "  changes: [{at: 1h, drain: {node: a-1, forced: true}}]",
            "scenario.yaml:5:41: error: spec.changes[0].drain.forced: unknown field (did you mean \"force\"?)"),
        Row(
            "a machine that reboots exists",
            "  changes: [{at: 1h, reboot: a-9}]",
            "scenario.yaml:5:30: error: spec.changes[0].reboot: there is no machine \"a-9\" (expected one "
                + "of a-1, a-2; did you mean \"a-1\"?)"),
        Row(
            "a spell of unreadiness has a length",
            "  workloads: [{match: {}, unreadyAfter: 1h}]",
            "scenario.yaml:5:15: error: spec.workloads[0].unreadyFor: it is not said how long the container is "
                + "unready (expected a length of time such as 30s, or never for one that does not end)"),
        Row(
            "a hang comes after a length of time",
            "  workloads: [{match: {}, hangsAfter: soon}]",
            "scenario.yaml:5:39: error: spec.workloads[0].hangsAfter: found the text \"soon\" (expected a length "
                + "of time such as 90s, 1h30m or 30d; a number is expected before each unit)"),
        Row(
            "a threshold of eviction is an amount or a share",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, evictionHard: {memory.available: low}}",
            "scenario.yaml:6:84: error: spec.pools[0].evictionHard[\"memory.available\"]: found the text \"low\" "
                + "(expected an amount such as 100Mi, or a share such as 5%)"),
        Row(
            "a reservation is not negative",
            "  pools:\n    - {name: a, machineType: m6i.large, count: 1, kubeReserved: {cpu: -1}}",
            "scenario.yaml:6:71: error: spec.pools[0].kubeReserved.cpu: the amount must not be negative"),
        Row(
            "the graces of a shutdown name priorities",
            "  parameters: {kubelet.shutdownGracePeriodByPodPriority: [{priority: 0}]}",
            "scenario.yaml:5:59: error: spec.parameters[\"kubelet.shutdownGracePeriodByPodPriority\"][0]"
                + ".shutdownGracePeriodSeconds: a value is required (expected a number of seconds)"),
        Row(
            "a share of pods is at most all",
            "  changes: [{at: 1h, replacePods: 150%}]",
            "scenario.yaml:5:35: error: spec.changes[0].replacePods: found the text \"150%\" (expected a "
                + "share such as 5% or 0.05 up to 100%)"),
        Row(
            "what is applied exists",
            "  changes: [{at: 1h, apply: later.yaml}]",
            "later.yaml: error: the run has not kept this file: it cannot be replayed"),
        Row(
            "a change repeats after some time",
            "  changes: [{every: 0s, drain: a-1}]",
            "scenario.yaml:5:21: error: spec.changes[0].every: the time from one change to the next must "
                + "be above zero"),
        Row(
            "a change is not before the start",
            "  changes: [{at: \"2020-01-01\", drain: a-1}]",
            "scenario.yaml:5:18: error: spec.changes[0].at: 2020-01-01 is before the start "
                + "2026-01-05T00:00:00Z (expected a time since the start such as 36h, or a date such as "
                + "2026-01-31T12:00:00Z)"),
        Row(
            "an unknown parameter has the nearest name",
            "  parameters: {clod.launch: 30s}",
            "scenario.yaml:5:16: error: spec.parameters[\"clod.launch\"]: unknown field (did you mean "
                + "\"cloud.launch\"?)"),
        Row(
            "a parameter has its type",
            "  parameters: {controller.qps: fast}",
            "scenario.yaml:5:32: error: spec.parameters[\"controller.qps\"]: found the text \"fast\" "
                + "(expected a whole number of at least 1)"),
        Row(
            "a kubelet's parameter has its type",
            "  parameters: {kubelet.serializeImagePulls: 1}",
            "scenario.yaml:5:45: error: spec.parameters[\"kubelet.serializeImagePulls\"]: found the number "
                + "1 (expected true or false)"),
        Row(
            "a scheduler has two modes",
            "  scheduler: {mode: fast}",
            "scenario.yaml:5:21: error: spec.scheduler.mode: found the text \"fast\" (expected one of "
                + "exhaustive, upstream)"),
        Row(
            "a percentage of nodes needs the mode",
            "  scheduler: {percentageOfNodesToScore: 50}",
            "scenario.yaml:5:41: error: spec.scheduler.percentageOfNodesToScore: it has no meaning when "
                + "every node is looked at (expected mode: upstream beside it)"),
        Row(
            "a metric is known",
            "  assert: [{metric: pods.pendin, equals: 0}]",
            "scenario.yaml:5:21: error: spec.assert[0].metric: there is no metric \"pods.pendin\" "
                + "(expected one of arrivals, cost.commitmentWaste, cost.controlPlane, cost.idle, cost.overhead, cost.pods, cost.total, "
                + "cost.traffic, events.count, nodes.ready, nodes.registered, pending.max, pending.p50, pending.p95, "
                + "pods.created, pods.evicted, pods.failed, pods.oomKilled, pods.pending, pods.running, pods.succeeded, "
                + "recovery.max, restarts, scheduling.attempts, work.interrupted, work.lost, work.overhead, work.restored; did you mean \"pods.pending\"?)"),
        Row(
            "a metric has a bound",
            "  assert: [{metric: pods.pending}]",
            "scenario.yaml:5:12: error: spec.assert[0]: the metric has no bound (expected one of atMost, "
                + "atLeast, equals, below, above, between)"),
        Row(
            "an assertion is about one thing",
            "  assert: [{atMost: 5}]",
            "scenario.yaml:5:12: error: spec.assert[0].metric: it is not said what the assertion is about (expected one of "
                + "metric, sql)"),
        Row(
            "a window is for metrics that are known of parts",
            "  assert: [{metric: restarts, atMost: 5, from: 1h}]",
            "scenario.yaml:5:48: error: spec.assert[0].from: the metric restarts is known of the whole run alone (expected "
                + "one of cost.commitmentWaste, cost.controlPlane, cost.total, cost.traffic, nodes.ready, pending.max, pending.p50, pending.p95, pods.created, "
                + "pods.failed, pods.oomKilled, pods.pending, pods.running, pods.succeeded, recovery.max, work.interrupted, "
                + "work.lost, a metric of a service, or sql)"),
        Row(
            "a window ends after it begins",
            "  assert: [{metric: pods.created, atMost: 5, from: 2h, to: 1h}]",
            "scenario.yaml:5:60: error: spec.assert[0].to: the window ends before it begins"),
        Row(
            "a window names a fault that is there",
            "  faults: [{name: dark, kind: ZoneOutage, at: 1h}]\n"
                + "  assert: [{metric: pods.created, atMost: 5, during: drak}]",
            "scenario.yaml:6:54: error: spec.assert[0].during: there is no fault \"drak\" (expected one of dark; did you "
                + "mean \"dark\"?)"),
        Row(
            "a tolerance is beside a figure",
            "  assert: [{metric: pods.created, atMost: 5, tolerance: 1}]",
            "scenario.yaml:5:57: error: spec.assert[0].tolerance: a bound has no tolerance (expected equals beside it)"),
        Row(
            "a tolerance is not negative",
            "  assert: [{sql: count(*) FROM pod, equals: 5, tolerance: -1}]",
            "scenario.yaml:5:59: error: spec.assert[0].tolerance: found the number -1 (expected a tolerance that is not "
                + "negative)"),
        Row(
            "a tolerance has the figure's unit",
            "  assert: [{sql: count(*) FROM pod, equals: 5s, tolerance: $1}]",
            "scenario.yaml:5:60: error: spec.assert[0].tolerance: found the text \"$1\" (expected the unit of the other bound: "
                + "dollars, a time, or a number)"),
        Row(
            "the bounds of an expression have one unit",
            "  assert: [{sql: count(*) FROM pod, between: [1s, 5]}, {sql: count(*) FROM pod, atLeast: 1s, atMost: $5}]",
            "scenario.yaml:5:51: error: spec.assert[0].between[1]: found the number 5 (expected the unit of the other bound: "
                + "dollars, a time, or a number)",
            "scenario.yaml:5:90: error: spec.assert[1].atLeast: found the text \"1s\" (expected the unit of the other bound: "
                + "dollars, a time, or a number)"),
        Row(
            "a fault's target is of a kind that has pods",
            "  faults: [{kind: ContainerCrash, at: 1h, target: {kind: deployment}}]",
            "scenario.yaml:5:58: error: spec.faults[0].target.kind: there is no kind of workload \"deployment\" (expected one of "
                + "Deployment, StatefulSet, DaemonSet, Job, CronJob, ReplicaSet, …; did you mean \"Deployment\"?)"),
        Row(
            "a fault's target is in a namespace with workloads",
            "  faults: [{kind: ContainerCrash, at: 1h, target: {namespace: defalt}}]",
            "scenario.yaml:5:63: error: spec.faults[0].target.namespace: there is no namespace with workloads \"defalt\" "
                + "(expected one of default; did you mean \"default\"?)"),
        Row(
            "a rollout that a fault waits for is in its namespace",
            "  faults: [{kind: NodeCrash, when: {rollout: {name: web, namespace: shop}}}]",
            "scenario.yaml:5:53: error: spec.faults[0].when.rollout.name: there is no Deployment \"web\" in shop (expected "
                + "namespace: default, where there is one of this name)"),
        Row(
            "what a fault takes has an end",
            "  faults: [{kind: APIServerSlow, at: 1h, delay: 60000d}, {kind: LaunchFailure, at: 1h, retry: 1ns}]",
            "scenario.yaml:5:49: error: spec.faults[0].delay: found the text \"60000d\" (expected a length of time of at most "
                + "ten years (3650d))",
            "scenario.yaml:5:95: error: spec.faults[1].retry: found 1ns (expected 1ms or more)"),
        Row(
            "a change applies something",
            "  changes: [{at: 1h, apply: []}, {at: 1h, apply: scenario.yaml}]",
            "scenario.yaml:5:29: error: spec.changes[0].apply: there is nothing to apply (expected files or folders with manifests)",
            "scenario.yaml:5:50: error: spec.changes[1].apply: no object stands in scenario.yaml (expected files or folders with "
                + "manifests)"),
        Row(
            "between takes two bounds",
            "  assert: [{metric: pods.created, between: 5}]",
            "scenario.yaml:5:44: error: spec.assert[0].between: found the number 5 (expected a list of two bounds such as "
                + "[5, 10])"),
        Row(
            "between has its lower bound first",
            "  assert: [{metric: pods.created, between: [5, 4]}]",
            "scenario.yaml:5:44: error: spec.assert[0].between: the lower bound is above the upper one"),
        Row(
            "the bound of an expression is a figure",
            "  assert: [{sql: count(*) FROM pod, atMost: many}]",
            "scenario.yaml:5:45: error: spec.assert[0].atMost: found the text \"many\" (expected a number, dollars such as "
                + "\"$12.50\" or a time such as 30s)"),
        Row(
            "a bound has the metric's unit",
            "  assert: [{metric: pending.p95, atMost: 5}]",
            "scenario.yaml:5:42: error: spec.assert[0].atMost: found the number 5 (expected a length of "
                + "time such as 90s, 1h30m or 30d)"),
        Row(
            "money is bounded by money",
            "  assert: [{metric: cost.total, atMost: 5h}]",
            "scenario.yaml:5:41: error: spec.assert[0].atMost: found the text \"5h\" (expected an amount "
                + "of US dollars such as 0.096 or \"$12.50\")"),
    ]
}
