// Counterpart: pkg/apis/batch/validation (v1.36).
// Deliberate difference: labels of the template that name another job are no error, because exports are edited.

import Chronology

/// What the API server allows at most of a job.
enum JobLimits {
    static let parallelismOfIndexed: Int64 = 100_000
    static let failedIndexes: Int64 = 100_000
    /// Above this number of completions a limit per index needs tighter limits.
    static let completionsPerIndex: Int64 = 100_000
    static let parallelismPerIndex: Int64 = 10_000
    static let failedIndexesPerIndex: Int64 = 10_000
    static let rules = 20
    static let exitCodes = 255
    static let podConditions = 20
    static let succeededIndexes = 64 * 1_024
    static let managerName = 63
}

extension ValidationCheck {
    mutating func job(_ job: Job, at path: FieldPath) {
        jobSelector(job.spec, at: path)
        jobSpec(job.spec, at: path)
        let name = job.metadata.name
        if job.spec.indexed, let completions = job.spec.completions, completions > 0, !name.isEmpty {
            let last = "\(name)-\(completions - 1)"
            require(
                NameRules.isDNSLabel(last), FieldPath.root.field("metadata").field("name"),
                "the pod of the last index could not have \"\(ManifestTree.shortened(last))\" as its hostname",
                expected: "letters in lower case, digits and \"-\"; with the index at most 63")
        }
    }

    mutating func cronJob(_ job: CronJob, at path: FieldPath) {
        require(
            !job.spec.schedule.contains("TZ"), path.field("schedule"), "holds a time zone", expected: "spec.timeZone")
        if !job.spec.schedule.contains("TZ") {
            do {
                _ = try CronSchedule(parsing: job.spec.schedule)
            } catch {
                add(path.field("schedule"), "\(error)")
            }
        }
        if let zone = job.spec.timeZone, !WallClock.zoneNames.contains(zone) {
            let nearest = NearestName.of(zone, among: WallClock.zoneNames) ?? "Europe/Paris"
            require(false, path.field("timeZone"), "not a known time zone", expected: "a name like \(nearest)")
        }
        labels(job.spec.jobLabels, at: path.field("jobTemplate").field("metadata").field("labels"))
        let template = path.field("jobTemplate").field("spec")
        require(!job.spec.jobTemplate.manualSelector, template.field("manualSelector"), "not allowed in a CronJob")
        require(
            job.spec.jobTemplate.selector == nil, template.field("selector"),
            "not allowed in a CronJob: each job gets its own")
        jobSpec(job.spec.jobTemplate, at: template)
    }

    /// A selector of the user has to select the pods of the template; one that was generated knows the job's own labels.
    private mutating func jobSelector(_ spec: Job.Spec, at path: FieldPath) {
        let place = path.field("selector")
        guard let selector = spec.selector else {
            require(!spec.manualSelector, place, "required by manualSelector")
            return
        }
        labelSelector(selector, at: place)
        if spec.manualSelector {
            require(
                selector.matches(spec.template.labels), path.field("template").field("metadata").field("labels"),
                "the selector does not match the labels of the template")
        } else {
            let keys = selector.matchLabels.keys + selector.matchExpressions.map(\.key)
            require(
                keys.allSatisfy(Self.generatedKeys.contains), place, "a job without manualSelector gets its own",
                expected: "no selector, or manualSelector: true")
        }
    }

    private static let generatedKeys = [
        "batch.kubernetes.io/controller-uid", "batch.kubernetes.io/job-name", "controller-uid", "job-name",
    ]

    private mutating func jobSpec(_ spec: Job.Spec, at path: FieldPath) {
        template(spec.template, at: path.field("template"), policies: [.onFailure, .never])
        if spec.indexed { indexedJob(spec, at: path) }
        require(
            spec.backoffLimitPerIndex == nil || spec.indexed, path.field("backoffLimitPerIndex"),
            "needs completionMode Indexed")
        require(
            spec.maxFailedIndexes == nil || spec.backoffLimitPerIndex != nil, path.field("maxFailedIndexes"),
            "needs backoffLimitPerIndex")
        require(
            spec.successPolicy.isEmpty || spec.indexed, path.field("successPolicy"), "needs completionMode Indexed")
        if let rules = spec.podFailurePolicy { podFailurePolicy(rules, of: spec, at: path) }
        if let manager = spec.managedBy {
            require(
                Self.isPrefixedPath(manager) && manager.utf8.count <= JobLimits.managerName, path.field("managedBy"),
                "\"\(ManifestTree.shortened(manager))\" is no valid name of a controller",
                expected: "domain/path, at most \(JobLimits.managerName)")
        }
    }

    /// Whether `text` is a domain, a slash and a path of an address (`IsDomainPrefixedPath`).
    private static func isPrefixedPath(_ text: String) -> Bool {
        guard let slash = text.firstIndex(of: "/"), NameRules.isDNSSubdomain(String(text[..<slash])) else {
            return false
        }
        let path = text[text.index(after: slash)...].utf8
        return !path.isEmpty
            && path.allSatisfy { byte in
                (0x61...0x7A).contains(byte | 0x20) || (0x30...0x39).contains(byte) || pathMarks.contains(byte)
            }
    }

    private static let pathMarks = Array("/-._~%!$&'()*+,;=:".utf8)
}

// MARK: - Indexes

extension ValidationCheck {
    private mutating func indexedJob(_ spec: Job.Spec, at path: FieldPath) {
        let parallelism = path.field("parallelism")
        let failures = path.field("maxFailedIndexes")
        atMost(JobLimits.parallelismOfIndexed, spec.parallelism, parallelism, "with completionMode Indexed")
        if let most = spec.maxFailedIndexes {
            atMost(JobLimits.failedIndexes, most, failures, "with completionMode Indexed")
        }
        guard let completions = spec.completions else {
            add(path.field("completions"), "required when completionMode is Indexed")
            return
        }
        if let most = spec.maxFailedIndexes { atMost(completions, most, failures, "the completions") }
        if completions > JobLimits.completionsPerIndex, spec.backoffLimitPerIndex != nil {
            let reason = "with backoffLimitPerIndex and more than \(JobLimits.completionsPerIndex) completions"
            atMost(JobLimits.parallelismPerIndex, spec.parallelism, parallelism, reason)
            if let most = spec.maxFailedIndexes {
                atMost(JobLimits.failedIndexesPerIndex, most, failures, reason)
            } else {
                add(failures, "required \(reason)")
            }
        }
        let rules = path.field("successPolicy").field("rules")
        atMost(Int64(JobLimits.rules), Int64(spec.successPolicy.count), rules, "rules")
        for (index, rule) in spec.successPolicy.enumerated() {
            successRule(rule, completions: completions, at: rules.index(index))
        }
    }

    mutating func atMost(_ limit: Int64, _ value: Int64, _ path: FieldPath, _ reason: String) {
        require(value <= limit, path, "\(value) is too many: at most \(limit) (\(reason))")
    }
}
