using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// Notifications of CNCF Distribution 2.x and 3.x (<c>application/vnd.docker.distribution.events.v1+json</c> and <c>v2</c>), as
/// documented in its "notifications" pages. Manifest pulls become registry requests (HEAD is told from GET only by
/// <c>request.method</c>), pushes teach the manifest graph and the publishers, everything else is of no use here.
/// </summary>
public sealed class DistributionNotifications(int maxEvents) : IFeedParser
{
    private const int MaxReferences = 1_000;

    public FeedFraming Framing => FeedFraming.Document;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        using var document = JsonFields.Open(piece);
        foreach (var element in Events(document.RootElement).EnumerateArray())
        {
            if (JsonFields.Guard(() => Read(element, nowUtc, batch)) is { } reason)
                batch.Reject(reason, JsonFields.Bytes(element));
            batch.Index++;
        }
    }

    private JsonElement Events(JsonElement root)
    {
        JsonElement events = default;
        JsonFields.Guard(() =>
        {
            events = root.Child("events");
            return null;
        });
        if (events.ValueKind != JsonValueKind.Array)
            throw new FeedFormatException("The body is no notification envelope: an object with an array \"events\" is expected.");
        if (events.GetArrayLength() > maxEvents)
            throw new FeedFormatException($"The envelope has more than {maxEvents} events.") { IsTooLarge = true };
        return events;
    }

    private static string? Read(JsonElement e, DateTime nowUtc, FeedBatch batch)
    {
        if (e.ValueKind != JsonValueKind.Object)
            return "the event is not an object";
        var target = e.Child("target");
        var action = e.Text("action");
        if (action is null)
            return "action is missing";
        if (action is "pull" or "push" && target.Text("mediaType") is null && target.Text("url") is null)
            return "target.mediaType is missing";
        if (action is not ("pull" or "push") || !IsManifest(target))
        {
            batch.Ignored++;
            return null;
        }

        var repository = target.Text("repository");
        var digest = target.Text("digest");
        if (RequestFields.CheckRepository("target.repository", repository) is { } badRepository)
            return badRepository;
        if (!RequestFields.IsDigest(digest))
            return "target.digest is missing or not of the form algorithm:hex";
        return action == "push"
            ? ReadPush(e, target, repository!, digest!, batch)
            : ReadPull(e, target, repository!, digest!, nowUtc, batch);
    }

    private static string? ReadPush(JsonElement e, JsonElement target, string repository, string digest, FeedBatch batch)
    {
        Learn(target, repository, digest, batch);
        if (RequestFields.Clean(e.Child("actor").Text("name"), RegistryUser.MaxPrincipal) is { } user)
            batch.Publishers.Add(new PublisherFact(repository, user));
        batch.Pushes++; // last: an event that cannot be read is refused, and counts once
        return null;
    }

    private static string? ReadPull(JsonElement e, JsonElement target, string repository, string digest, DateTime nowUtc, FeedBatch batch)
    {
        var id = e.Text("id");
        if (id is null or { Length: 0 or > RequestFields.MaxEventId })
            return $"id is missing or longer than {RequestFields.MaxEventId} characters";
        if (e.Time("timestamp") is not { } at)
            return "timestamp is missing or not an RFC 3339 time with an offset";
        if (RequestFields.CheckTime("timestamp", at, nowUtc) is { } badTime)
            return badTime;
        var request = e.Child("request");
        if (!TryMethod(request.Text("method"), out var method))
            return "request.method is neither GET nor HEAD";
        var tag = target.Text("tag") is { Length: > 0 } text ? text : null;
        if (tag is not null && RequestFields.CheckTag("target.tag", tag) is { } badTag)
            return badTag;

        Learn(target, repository, digest, batch);
        batch.Requests.Add(new RegistryRequest
        {
            EventId = id,
            AtUtc = at,
            Method = method,
            Repository = repository,
            Tag = tag,
            Digest = digest,
            Address = RequestFields.Address(request.Text("addr")),
            User = RequestFields.Clean(e.Child("actor").Text("name"), RegistryUser.MaxPrincipal),
            UserAgent = RequestFields.Clean(request.Text("useragent"), Client.MaxUserAgent),
        });
        return null;
    }

    // By media type, else by URL: a registry may serve artifact manifests of types this list does not know.
    private static bool IsManifest(JsonElement target)
    {
        var mediaType = target.Text("mediaType");
        return MediaTypes.IsManifest(mediaType)
            || (mediaType != "application/octet-stream" && target.Text("url")?.Contains("/manifests/", StringComparison.Ordinal) == true);
    }

    private static void Learn(JsonElement target, string repository, string digest, FeedBatch batch)
    {
        var mediaType = target.Text("mediaType");
        if (!MediaTypes.IsManifest(mediaType))
            return;
        batch.Manifests.Add(new ManifestFact(digest, mediaType, Children(target, MediaTypes.IsIndex(mediaType))));
        // The references of a single manifest are its configuration, then its layers.
        var content = MediaTypes.IsIndex(mediaType) || target.Child("references") is not { ValueKind: JsonValueKind.Array } references
            ? [] : references.EnumerateArray().Take(2).Select(reference => reference.Text("mediaType")).ToArray();
        if (MediaTypes.KindOf(mediaType, target.Text("artifactType"), content.ElementAtOrDefault(0), content.ElementAtOrDefault(1)) is { } kind)
            batch.Kinds.Add(new KindFact(repository, kind));
    }

    // Told only where the registry is set to includereferences. Without it nothing is known and the table is read literally, also
    // for a single manifest, whose references are its configuration and layers.
    private static List<(string Digest, string? Platform)>? Children(JsonElement target, bool isIndex)
    {
        if (target.Child("references") is not { ValueKind: JsonValueKind.Array } references || references.GetArrayLength() is 0 or > MaxReferences)
            return null;
        var children = new List<(string, string?)>();
        if (!isIndex)
            return children;
        foreach (var reference in references.EnumerateArray())
        {
            var digest = reference.Text("digest");
            if (RequestFields.IsDigest(digest) && digest is not null)
                children.Add((digest, Platform(reference.Child("platform"))));
        }

        return children;
    }

    private static string? Platform(JsonElement platform)
    {
        var (os, architecture, variant) = (platform.Text("os"), platform.Text("architecture"), platform.Text("variant"));
        return os is null || architecture is null ? null : RequestFields.Clean(variant is null ? $"{os}/{architecture}" : $"{os}/{architecture}/{variant}", 64);
    }

    private static bool TryMethod(string? text, out RequestMethod method)
    {
        method = text == "HEAD" ? RequestMethod.Head : RequestMethod.Get;
        return text is "GET" or "HEAD";
    }
}
