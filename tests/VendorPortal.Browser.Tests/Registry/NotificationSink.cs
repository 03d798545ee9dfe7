using System.Text.Json;
using System.Threading.Channels;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace VendorPortal.Browser.Tests.Registry;

/// <summary>One manifest event as the registry sent it.</summary>
public sealed record ManifestEvent(string Action, string Method, string Repository, string? Tag, string Digest, string Address, string? User, string UserAgent, int References)
{
    /// <summary><c>METHOD tag</c>, or <c>METHOD digest</c> where the client asked by digest.</summary>
    public string Request => $"{Method} {Tag ?? Digest}";
}

/// <summary>Takes the events of a registry in the portal's place, to see what clients really send.</summary>
public sealed class NotificationSink : IAsyncDisposable
{
    private readonly WebApplication app;
    private readonly Channel<ManifestEvent> events = Channel.CreateUnbounded<ManifestEvent>();

    private NotificationSink(WebApplication app) => this.app = app;

    public const string Secret = "sink-secret";

    public ChannelReader<ManifestEvent> Events => events.Reader;

    public Uri Endpoint => new(new Uri(app.Urls.First()), "/events");

    public static async Task<NotificationSink> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        builder.Logging.ClearProviders();
        var sink = new NotificationSink(builder.Build());
        sink.app.MapPost("/events", sink.TakeAsync);
        await sink.app.StartAsync();
        return sink;
    }

    public ValueTask DisposeAsync() => app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (request.Headers.Authorization != $"Bearer {Secret}")
            return Results.Unauthorized();
        using var envelope = await JsonDocument.ParseAsync(request.Body);
        foreach (var entry in envelope.RootElement.GetProperty("events").EnumerateArray())
        {
            var target = entry.GetProperty("target");
            if (!Text(target, "url")!.Contains("/manifests/", StringComparison.Ordinal))
                continue;
            var source = entry.GetProperty("request");
            events.Writer.TryWrite(new ManifestEvent(
                Text(entry, "action")!, Text(source, "method")!, Text(target, "repository")!, Text(target, "tag"), Text(target, "digest")!,
                Text(source, "addr")!, Text(entry.GetProperty("actor"), "name"), Text(source, "useragent")!,
                target.TryGetProperty("references", out var references) ? references.GetArrayLength() : 0));
        }

        return Results.Ok();
    }

    private static string? Text(JsonElement element, string name) => element.TryGetProperty(name, out var value) ? value.GetString() : null;
}
