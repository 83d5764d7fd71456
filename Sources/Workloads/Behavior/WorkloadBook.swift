/// All rules on what containers really do, in the order of precedence.
package struct WorkloadBook: Hashable, Sendable {
    /// For each aspect, the first rule that matches and decides it wins.
    package var rules: [WorkloadRule]

    /// Creates a book.
    package init(rules: [WorkloadRule] = []) { self.rules = rules }

    /// Returns what a container does; aspects that no rule decides are assumed by the kind of its owner.
    package func behavior(of subject: WorkloadSubject, container: String, role: ContainerRole) -> Behavior {
        var result = Behavior.assumed(of: subject, role: role)
        for rule in rules where rule.match.matches(subject, container: container) {
            take(rule.runTime, .runTime, into: &result, \.runTime)
            take(rule.outcome, .outcome, into: &result, \.outcome)
            take(rule.startDelay, .startDelay, into: &result, \.startDelay)
            take(rule.readyAfter, .readyAfter, into: &result, \.readyAfter)
            take(rule.termination, .termination, into: &result, \.termination)
            take(rule.usage.cpu.map(Optional.some), .cpu, into: &result, \.usage.cpu)
            // A leak belongs to the amount on top of which it comes.
            if rule.usage.memory != nil, result.assumed.contains(.memory) {
                result.usage.memoryLeak = rule.usage.memoryLeak
            }
            take(rule.usage.memory.map(Optional.some), .memory, into: &result, \.usage.memory)
            take(rule.usage.disk.map(Optional.some), .disk, into: &result, \.usage.disk)
            // Nothing is assumed of these.
            result.hangsAfter = result.hangsAfter ?? rule.hangsAfter
            result.livenessFailsAfter = result.livenessFailsAfter ?? rule.livenessFailsAfter
            result.unready = result.unready ?? rule.unready
            result.postStartTime = result.postStartTime ?? rule.postStartTime
            result.postStartFailure = result.postStartFailure ?? rule.postStartFailure
            result.preStopTime = result.preStopTime ?? rule.preStopTime
            if result.checkpoint == nil { result.checkpoint = rule.checkpoint }
        }
        return result
    }

    private func take<Value>(
        _ value: Value?, _ aspect: Behavior.Aspects, into result: inout Behavior,
        _ path: WritableKeyPath<Behavior, Value>
    ) {
        guard let value, result.assumed.contains(aspect) else { return }
        result[keyPath: path] = value
        result.assumed.remove(aspect)
    }
}
