import KubernetesAPI

/// The jobs of a seed.
extension SwarmDraw {
    /// The spec of a job without its template.
    private func jobSpec(_ dice: inout SwarmDice) -> [(String, ManifestTree?)] {
        let parallelism = dice.number(1...3)
        let completions = dice.hits(80) ? dice.number(1...5) : nil
        let isIndexed = completions != nil && dice.hits(40)
        return [
            ("parallelism", .number(Int64(parallelism))), ("completions", completions.map { .number(Int64($0)) }),
            ("completionMode", isIndexed ? .text("Indexed") : nil),
            ("backoffLimit", .number(Int64(dice.pick([0, 2, 6, 100])))),
            ("activeDeadlineSeconds", dice.hits(15) ? .number(Int64(dice.number(20...600))) : nil),
            ("ttlSecondsAfterFinished", dice.hits(25) ? .number(Int64(dice.number(0...200))) : nil),
            ("podReplacementPolicy", dice.hits(25) ? .text("Failed") : nil),
        ]
    }

    mutating func drawJob(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "Job", &dice, ends: true)
        let spec = jobSpec(&dice)
        add("Job", "batch/v1", name, namespace, replicas: 1) { image, _ in
            .mapping(spec + [("template", template(image))])
        }
    }

    mutating func drawCronJob(_ name: String, _ namespace: String) {
        var dice = dice("workload." + name)
        let template = template(name, of: "CronJob", &dice, ends: true)
        let job = jobSpec(&dice)
        let rest: [(String, ManifestTree?)] = [
            ("schedule", .text(dice.pick(["* * * * *", "*/2 * * * *", "*/5 * * * *"]))),
            ("concurrencyPolicy", .text(dice.pick(["Allow", "Forbid", "Replace"]))),
            ("startingDeadlineSeconds", dice.hits(30) ? .number(Int64(dice.number(5...120))) : nil),
            ("successfulJobsHistoryLimit", dice.hits(40) ? .number(Int64(dice.number(0...2))) : nil),
        ]
        // The count stands for whether it is at work: it is suspended in the end.
        add("CronJob", "batch/v1", name, namespace, replicas: 1) { image, count in
            .mapping(
                rest + [
                    ("suspend", count == 0 ? .bool(true) : nil),
                    ("jobTemplate", .mapping([("spec", .mapping(job + [("template", template(image))]))])),
                ])
        }
    }
}
