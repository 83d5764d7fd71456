extension ServiceFlow {
    /// Returns the requests a second that a service makes by each of its calls, without retries, as `settle` left them.
    package func callRates(of caller: Int, _ supply: Supply, _ states: [State]) -> [Double] {
        let spec = graph.services[caller]
        let admitted = zip(supply.replicas, states[caller].admitted).reduce(0) { $0 + Double($1.0.count) * $1.1 }
        var reach = admitted * (1 - Double(spec.errorRate) / 1e9)
        return spec.calls.map { call in
            let count = Double(call.perRequest) / 1_000
            guard spec.callMode == .sequential else { return reach * count }
            let sound = 1 - states[call.callee].failed
            defer { reach *= Self.success(sound, count) }
            return reach * Self.calls(sound, count)
        }
    }
}
