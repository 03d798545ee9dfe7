using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using Microsoft.Extensions.DependencyInjection;
using VendorPortal.Feeds;
using VendorPortal.Feeds.AccessLogs;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Tests.Testing;

/// <summary>What a post of a feed was answered.</summary>
public sealed record FeedAnswer(HttpStatusCode Status, JsonElement Body, HttpResponseHeaders Headers, string? MediaType)
{
    public int Accepted => Body.GetProperty("accepted").GetInt32();

    public int Duplicates => Body.GetProperty("duplicates").GetInt32();

    public int Ignored => Body.GetProperty("ignored").GetInt32();

    public IReadOnlyList<(int Index, string Reason)> Rejected =>
        [.. Body.GetProperty("rejected").EnumerateArray().Select(r => (r.GetProperty("index").GetInt32(), r.GetProperty("reason").GetString()!))];
}

/// <summary>A feed of a running portal, and a sender that knows its secret.</summary>
public sealed class FeedClient : IDisposable
{
    public const string Events = "application/vnd.docker.distribution.events.v1+json";

    private readonly HttpClient client;

    private FeedClient(HttpClient client, CreatedFeed feed)
    {
        this.client = client;
        Feed = feed;
    }

    public CreatedFeed Feed { get; }

    public static async Task<FeedClient> AddAsync(PortalHost portal, FeedKind kind = FeedKind.Distribution, int? vendorId = null, string? format = null)
    {
        var logFormat = kind == FeedKind.AccessLog ? new AccessLogFormat(format ?? AccessLogFormat.CombinedName) : null;
        var feed = await portal.Services.GetRequiredService<FeedDirectory>().AddAsync(vendorId ?? portal.VendorId, "registry", kind, logFormat, null, CancellationToken.None);
        return new FeedClient(portal.Client(), feed);
    }

    /// <summary>A manifest pull as a registry notifies it; <paramref name="change"/> spoils or completes it.</summary>
    public static JsonObject Pull(string id, DateTimeOffset at, Action<JsonObject>? change = null, string repository = "acme/app", string method = "GET", string? tag = "1.0", int digest = 1)
    {
        var pull = new JsonObject
        {
            ["id"] = id,
            ["timestamp"] = at.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", System.Globalization.CultureInfo.InvariantCulture),
            ["action"] = "pull",
            ["target"] = new JsonObject
            {
                ["mediaType"] = "application/vnd.oci.image.manifest.v1+json",
                ["digest"] = RequestGenerators.Digest(digest),
                ["repository"] = repository,
            },
            ["request"] = new JsonObject { ["id"] = Guid.NewGuid().ToString(), ["addr"] = "203.0.113.7:4711", ["method"] = method, ["useragent"] = "containerd/v2.1.4" },
            ["actor"] = new JsonObject { ["name"] = "alice" },
        };
        if (tag is not null)
            pull["target"]!["tag"] = tag;
        change?.Invoke(pull);
        return pull;
    }

    public static byte[] Envelope(params IEnumerable<JsonNode?> events) =>
        Encoding.UTF8.GetBytes(new JsonObject { ["events"] = new JsonArray([.. events.Select(e => e?.DeepClone())]) }.ToJsonString());

    public Task<FeedAnswer> PostAsync(params IEnumerable<JsonNode?> events) => PostAsync(Envelope(events));

    public async Task<FeedAnswer> PostAsync(
        byte[] body, string? mediaType = Events, string? encoding = null, string? feedId = null, AuthenticationHeaderValue? authorization = null, bool chunked = false,
        string query = "", Action<HttpRequestMessage>? change = null)
    {
        using HttpContent content = chunked ? new StreamContent(new UnknownLength(body)) : new ByteArrayContent(body);
        if (mediaType is not null)
            content.Headers.ContentType = MediaTypeHeaderValue.Parse(mediaType);
        if (encoding is not null)
            content.Headers.ContentEncoding.Add(encoding);
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/ingest/{feedId ?? Feed.Id}{query}") { Content = content };
        request.Headers.Authorization = authorization ?? new AuthenticationHeaderValue("Bearer", Feed.Secret);
        change?.Invoke(request);
        using var answer = await client.SendAsync(request);
        var text = await answer.Content.ReadAsStringAsync();
        using var json = JsonDocument.Parse(text.Length == 0 ? "null" : text);
        return new FeedAnswer(answer.StatusCode, json.RootElement.Clone(), answer.Headers, answer.Content.Headers.ContentType?.MediaType);
    }

    public void Dispose() => client.Dispose();

    // What has no length is sent in chunks.
    private sealed class UnknownLength(byte[] body) : MemoryStream(body, writable: false)
    {
        public override bool CanSeek => false;
    }
}
