import Chronology
import VirtualTime

/// The draws for the delays between components: a stream for each, so that none shifts another.
struct DelayStreams {
    /// What a slow API server adds to every request and to every change on its way to a watcher.
    var drag = Duration.zero
    private var watchStream: RandomStream
    private var kubeletSyncStream: RandomStream
    private var apiWriteStream: RandomStream
    private var controllerSyncStream: RandomStream
    private var schedulerCycleStream: RandomStream
    private var schedulerBindStream: RandomStream
    private var kubeletStatusStream: RandomStream

    init(_ streams: RandomStreams) {
        watchStream = streams.stream("delay.watch")
        kubeletSyncStream = streams.stream("delay.kubelet.sync")
        apiWriteStream = streams.stream("delay.api.write")
        controllerSyncStream = streams.stream("delay.controller.sync")
        schedulerCycleStream = streams.stream("delay.scheduler.cycle")
        schedulerBindStream = streams.stream("delay.scheduler.bind")
        kubeletStatusStream = streams.stream("delay.kubelet.status")
    }

    mutating func watch(_ parameters: SimulationParameters) -> Duration {
        parameters.watchDelay.sample(&watchStream) + drag
    }
    mutating func kubeletSync(_ parameters: SimulationParameters) -> Duration {
        parameters.kubeletSync.sample(&kubeletSyncStream) + drag
    }
    mutating func apiWrite(_ parameters: SimulationParameters) -> Duration {
        parameters.apiWrite.sample(&apiWriteStream) + drag
    }
    mutating func controllerSync(_ parameters: SimulationParameters) -> Duration {
        parameters.controllerSync.sample(&controllerSyncStream)
    }
    mutating func schedulerCycle(_ parameters: SimulationParameters) -> Duration {
        parameters.schedulerCycle.sample(&schedulerCycleStream)
    }
    mutating func schedulerBind(_ parameters: SimulationParameters) -> Duration {
        parameters.schedulerBind.sample(&schedulerBindStream) + drag
    }
    mutating func kubeletStatus(_ parameters: SimulationParameters) -> Duration {
        parameters.kubeletStatus.sample(&kubeletStatusStream) + drag
    }
}
