using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Hosting;

/// <summary>
/// While the portal serves: what is read now and then (depth of the queue, what waits for classification), and the export by OTLP where
/// <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. The exporter reads its other <c>OTEL_…</c> settings itself, from the same configuration.
/// </summary>
internal sealed class MetricsExport(PortalMetrics metrics, RequestJournal journal, ClassificationService classification, IConfiguration configuration, TimeProvider time)
    : IHostedService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
        metrics.Meter.CreateObservableGauge("ingest.queue.depth", () => journal.QueueDepth, "{request}", "Requests that wait for a commit.");
        metrics.Meter.CreateObservableGauge("classification.pending", () => classification.Pending, "{request}", "Requests that wait for their session to end.");
        metrics.Meter.CreateObservableGauge("classification.watermark.lag", WatermarkLag, "s", "Age of the oldest request that waits for classification; 0 where none waits.");
        if (!string.IsNullOrWhiteSpace(configuration[EndpointVariable]))
        {
            provider = Sdk.CreateMeterProviderBuilder()
                .ConfigureServices(services => services.AddSingleton(configuration))
                .SetResourceBuilder(ResourceBuilder.CreateEmpty().AddService("vendor-portal").AddTelemetrySdk().AddEnvironmentVariableDetector())
                .AddMeter(PortalMetrics.MeterName)
                .AddOtlpExporter()
                .Build();
        }

        return Task.CompletedTask;
    }

    public Task StopAsync(CancellationToken cancellationToken)
    {
        provider?.Shutdown(timeoutMilliseconds: 2_000); // tells the last figures; an endpoint that is gone does not hold up the end
        return Task.CompletedTask;
    }

    public void Dispose() => provider?.Dispose();

    private double WatermarkLag() => classification.OldestPendingUtc is { } oldest ? Math.Max(0, (time.GetUtcNow().UtcDateTime - oldest).TotalSeconds) : 0;
}
