using OpenTelemetry;
using OpenTelemetry.Metrics;
using OpenTelemetry.Resources;

namespace VendorPortal.Hosting;

/// <summary>
/// While the portal serves, the export of its measurements by OTLP, where <c>OTEL_EXPORTER_OTLP_ENDPOINT</c> says where to. The exporter reads its other <c>OTEL_…</c> settings itself, from the same configuration.
/// </summary>
internal sealed class MetricsExport(IConfiguration configuration) : IHostedService, IDisposable
{
    private const string EndpointVariable = "OTEL_EXPORTER_OTLP_ENDPOINT";

    private MeterProvider? provider;

    public Task StartAsync(CancellationToken cancellationToken)
    {
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
}
