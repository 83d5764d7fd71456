import Chronology
import Faults
import KubernetesAPI

/// What people do to a seed's cluster, and how they put it in order in the end.
extension SwarmDraw {
    /// When people put all in order: at the calm, or where rollouts are bad when the longest strike is over, also one that
    /// began late since it had to wait for the API server.
    var mended: Duration {
        strikes(BadRollout.self) ? calm + .milliseconds(Int64(Self.longestFault)) + .minutes(1) : calm
    }

    mutating func drawChanges() {
        if has(.rollouts) { drawRollouts() }
        if has(.templates) { drawTemplates() }
        if has(.scaling) { drawScaling() }
        drawNodeWork()
        if has(.deletions) { drawDeletions() }
        if has(.replacements) {
            var dice = dice("replacements")
            for _ in 0..<dice.number(1...3) {
                let at = moment(&dice)
                change(at, "replacePods", .text("\(dice.pick([5, 20, 50, 100]))%"))
            }
        }
        if has(.namespaces) {
            var dice = dice("namespaces")
            let at = moment(&dice)
            write(
                .mapping([
                    ("apiVersion", .text("v1")), ("kind", .text("Namespace")), ("metadata", .texts([("name", "team")])),
                ]), to: "manifests/team.yaml")
            change(at, "delete", .texts([("kind", "Namespace"), ("name", "team")]))
        }
        if strikes(BadRollout.self) { drawGoodRevisions() }
        for workload in workloads where workload.kind == "CronJob" {
            let name = "later/\(workload.name)-suspended.yaml"
            write(workload.manifest(Self.image(workload.name, 1), 0), to: name)
            mending.append(.mapping([("at", .time(mended)), ("apply", .text(name))]))
        }
    }

    mutating func change(_ at: Duration, _ act: String, _ what: ManifestTree) {
        changes.append((at, .mapping([("at", .time(at)), (act, what)])))
    }

    private func key(_ workload: DrawnWorkload) -> [(String, ManifestTree?)] {
        [
            ("kind", .text(workload.kind)), ("namespace", .text(workload.namespace)), ("name", .text(workload.name)),
        ]
    }

    private mutating func drawRollouts() {
        for workload in workloads where workload.kind == "Deployment" {
            var dice = dice("rollouts." + workload.name)
            for _ in 0..<dice.number(0...3) {
                let at = moment(&dice)
                change(
                    at, "setImage",
                    .texts([
                        ("namespace", workload.namespace), ("name", workload.name),
                        ("image", Self.image(workload.name, dice.number(1...3))),
                    ]))
            }
        }
    }

    private mutating func drawTemplates() {
        for workload in workloads where workload.kind != "Job" {
            var dice = dice("templates." + workload.name)
            for index in 0..<dice.number(0...2) {
                let name = "later/\(workload.name)-\(index + 1).yaml"
                let replicas = dice.hits(50) ? workload.replicas : dice.number(0...5)
                write(workload.manifest(Self.image(workload.name, dice.number(1...3)), replicas), to: name)
                let at = moment(&dice)
                change(at, "apply", .text(name))
            }
        }
    }

    private mutating func drawScaling() {
        for workload in workloads where workload.scales {
            var dice = dice("scaling." + workload.name)
            for _ in 0..<dice.number(0...3) {
                let at = moment(&dice)
                change(at, "scale", .mapping(key(workload) + [("replicas", .number(Int64(dice.number(0...7))))]))
            }
        }
    }

    /// Cordons, drains and reboots; in the end every node may be used again.
    private mutating func drawNodeWork() {
        var dice = dice("nodes")
        var closed: [String] = []
        if has(.cordons) {
            for _ in 0..<dice.number(1...3) {
                let at = moment(&dice)
                let node = dice.pick(nodes)
                change(at, "cordon", .text(node))
                closed.append(node)
                if dice.hits(50) { change(moment(&dice), "uncordon", .text(node)) }
            }
        }
        if has(.drains) {
            for _ in 0..<dice.number(1...2) {
                let timeout = Duration.seconds(Int64(dice.number(5...100)))
                let at = moment(&dice, before: calm - timeout)
                let node = dice.pick(nodes)
                let options: [(String, ManifestTree?)] = [
                    ("node", .text(node)), ("force", .bool(true)), ("deleteEmptyDirData", .bool(true)),
                    ("ignoreDaemonSets", .bool(true)), ("timeout", .time(timeout)),
                    ("disableEviction", dice.hits(15) ? .bool(true) : nil),
                    ("gracePeriod", dice.hits(20) ? .text("\(dice.number(1...30))s") : nil),
                ]
                change(at, "drain", .mapping(options))
                closed.append(node)
            }
        }
        if has(.reboots) {
            for _ in 0..<dice.number(1...2) {
                let at = moment(&dice)
                change(at, "reboot", .text(dice.pick(nodes)))
            }
        }
        for node in nodes where closed.contains(node) {
            mending.append(.mapping([("at", .time(mended)), ("uncordon", .text(node))]))
        }
    }

    private mutating func drawDeletions() {
        for workload in workloads {
            var dice = dice("deletions." + workload.name)
            guard dice.hits(30) else { continue }
            let at = moment(&dice)
            change(at, "delete", .mapping(key(workload)))
            guard dice.hits(60) else { continue }
            let name = "later/\(workload.name)-again.yaml"
            write(workload.manifest(Self.image(workload.name, dice.number(1...2)), workload.replicas), to: name)
            let gap = Duration.milliseconds(Int64(dice.pick([10, 900, 20_000, 90_000])))
            if at + gap < calm { change(at + gap, "apply", .text(name)) }
        }
    }

    /// In the end every Deployment gets an image that no revision had before.
    ///
    /// What people roll out while a BadRollout lasts is bad, too, and stays so for ever: the fault rolls back its own
    /// revisions only.
    private mutating func drawGoodRevisions() {
        for workload in workloads where workload.kind == "Deployment" {
            let change = ManifestTree.texts([
                ("namespace", workload.namespace), ("name", workload.name), ("image", Self.image(workload.name, 4)),
            ])
            mending.append(.mapping([("at", .time(mended)), ("setImage", change)]))
        }
    }

    // MARK: - Demand

    mutating func drawTraffic() {
        guard has(.traffic) else { return }
        for workload in workloads where workload.kind == "Deployment" || workload.kind == "StatefulSet" {
            var dice = dice("traffic." + workload.name)
            guard dice.hits(60) else { continue }
            write(
                .mapping([
                    ("apiVersion", .text("v1")), ("kind", .text("Service")),
                    ("metadata", .texts([("name", workload.name), ("namespace", workload.namespace)])),
                    (
                        "spec",
                        .mapping([
                            ("selector", .texts([("app", workload.name)])),
                            ("ports", .sequence([.mapping([("port", .number(80))])])),
                        ])
                    ),
                ]), to: "manifests/service-\(workload.name).yaml")
            services.append(
                .mapping([
                    ("name", .text(workload.name)), ("namespace", .text(workload.namespace)),
                    ("traffic", .number(Int64(dice.number(1...60)))), ("cpu", .text("\(dice.number(1...30))ms")),
                    ("workers", dice.hits(40) ? .number(Int64(dice.number(1...8))) : nil),
                    ("timeout", .text("\(dice.number(1...5))s")),
                    ("retries", dice.hits(30) ? .mapping([("max", .number(2))]) : nil),
                ]))
        }
    }

    mutating func drawArrivals() {
        guard has(.arrivals) else { return }
        var dice = dice("arrivals")
        let template = template("queue", of: "Job", &dice, ends: true)
        let job = ManifestTree.mapping([
            ("apiVersion", .text("batch/v1")), ("kind", .text("Job")),
            ("metadata", .texts([("name", "queue"), ("namespace", "default")])),
            (
                "spec",
                .mapping([
                    ("backoffLimit", .number(3)), ("ttlSecondsAfterFinished", .number(Int64(dice.number(1...300)))),
                    ("template", template(Self.image("queue", 1))),
                ])
            ),
        ])
        write(job, to: "later/queue.yaml")
        rules.append(
            .mapping([
                ("match", .mapping([("labels", .texts([("orrery.dev/arrivals", "queue")]))])),
                ("runTime", .text("\(dice.number(1...60))s")),
            ]))
        arrivals.append(
            .mapping([
                ("name", .text("queue")), ("template", .text("later/queue.yaml")),
                ("rate", .text("\(dice.pick([20, 60, 200]))/h")), ("until", .time(calm)),
                ("limit", .number(Int64(dice.number(1...8)))), ("count", dice.hits(20) ? .number(2) : nil),
            ]))
    }
}
