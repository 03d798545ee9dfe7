using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// The portal's own format, one registry request a line:
/// <c>{"id","at","method","repository","tag","digest","status","address","user","userAgent","push"}</c>. Required: <c>at</c>, <c>method</c>,
/// <c>repository</c> and one of <c>tag</c>, <c>digest</c>; <c>id</c> defaults to a hash of the line, <c>status</c> to 200.
/// </summary>
public sealed class Ndjson : IFeedParser
{
    private static readonly JsonDocumentOptions Limits = new() { MaxDepth = 8 };

    public FeedFraming Framing => FeedFraming.Lines;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        JsonDocument document;
        try
        {
            document = JsonDocument.Parse(piece, Limits);
        }
        catch (JsonException)
        {
            batch.RejectMalformed("the line is not JSON", piece.Span);
            return;
        }

        using (document)
        {
            if (document.RootElement.ValueKind != JsonValueKind.Object)
                batch.RejectMalformed("the line is not a JSON object", piece.Span);
            else if (JsonFields.Guard(() => Read(document.RootElement, piece, nowUtc, batch)) is { } reason)
                batch.Reject(reason, piece.Span);
        }
    }

    private static string? Read(JsonElement e, ReadOnlyMemory<byte> line, DateTime nowUtc, FeedBatch batch)
    {
        if (e.Time("at") is not { } at)
            return "at is missing or not an RFC 3339 time with an offset";
        if (RequestFields.CheckTime("at", at, nowUtc) is { } badTime)
            return badTime;
        var method = e.Text("method");
        if (method is not ("GET" or "HEAD"))
            return "method is neither GET nor HEAD";
        var repository = e.Text("repository");
        if (RequestFields.CheckRepository("repository", repository) is { } badRepository)
            return badRepository;
        var tag = e.Text("tag") is { Length: > 0 } tagText ? tagText : null;
        var digest = e.Text("digest") is { Length: > 0 } digestText ? digestText : null;
        if (tag is null && digest is null)
            return "one of tag and digest is required";
        if (tag is not null && RequestFields.CheckTag("tag", tag) is { } badTag)
            return badTag;
        if (digest is not null && !RequestFields.IsDigest(digest))
            return "digest is not of the form algorithm:hex";
        if (!TryStatus(e, out var status))
            return "status is not a number from 100 to 599";
        var id = e.Text("id");
        if (id is { Length: 0 or > RequestFields.MaxEventId })
            return $"id is empty or longer than {RequestFields.MaxEventId} characters";

        Add(e, new RegistryRequest
        {
            EventId = id is null ? EventKey.Of(line.Span) : id,
            AtUtc = at,
            Method = method == "HEAD" ? RequestMethod.Head : RequestMethod.Get,
            Repository = repository!,
            Tag = tag,
            Digest = digest,
            Status = status,
            Address = RequestFields.Address(e.Text("address")),
            User = RequestFields.Clean(e.Text("user"), RegistryUser.MaxPrincipal),
            UserAgent = RequestFields.Clean(e.Text("userAgent"), Client.MaxUserAgent),
            IsPush = e.Child("push").ValueKind == JsonValueKind.True,
        }, batch);
        return null;
    }

    private static void Add(JsonElement e, RegistryRequest request, FeedBatch batch)
    {
        batch.Requests.Add(request);
        if (request is { IsPush: true, User: { } user })
            batch.Publishers.Add(new PublisherFact(request.Repository, user));
        if (request.Digest is { } digest && Manifest(e, digest) is { } fact)
            batch.Manifests.Add(fact);
        if (MediaTypes.KindOf(e.Text("mediaType"), e.Text("artifactType"), e.Text("configMediaType"), null) is { } kind)
            batch.Kinds.Add(new KindFact(request.Repository, kind));
    }

    // Optional: "mediaType" and "children" (digests) tell the manifest graph what a push notification tells; with "artifactType" and "configMediaType"
    // they tell what the artifact is.
    private static ManifestFact? Manifest(JsonElement e, string digest)
    {
        var mediaType = e.Text("mediaType");
        if (!MediaTypes.IsManifest(mediaType))
            return null;
        if (!MediaTypes.IsIndex(mediaType))
            return new ManifestFact(digest, mediaType, []);
        var children = e.Child("children");
        return children.ValueKind != JsonValueKind.Array
            ? new ManifestFact(digest, mediaType, null)
            : new ManifestFact(digest, mediaType, [.. children.EnumerateArray().Select(c => c.Text()).Where(RequestFields.IsDigest).Select(c => (c!, (string?)null))]);
    }

    private static bool TryStatus(JsonElement e, out int status)
    {
        status = 200;
        return e.Child("status") switch
        {
            { ValueKind: JsonValueKind.Undefined or JsonValueKind.Null } => true,
            { ValueKind: JsonValueKind.Number } number => number.TryGetInt32(out status) && status is >= 100 and <= 599,
            _ => false,
        };
    }
}
