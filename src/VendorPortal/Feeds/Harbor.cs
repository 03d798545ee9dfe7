using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// Webhooks of Harbor 2.x, as its page "Configure Webhook Notifications" documents them, in both payload formats. <c>PULL_ARTIFACT</c> becomes
/// GET requests (Harbor tells of no HEAD), <c>PUSH_ARTIFACT</c> tells a publisher, all else is ignored. Harbor knows no client address
/// and no user agent, and the time to a second.
/// </summary>
public sealed class Harbor : IFeedParser
{
    private const int MaxResources = 1_000;

    // What Harbor writes for a client that has not signed in.
    private const string Anonymous = "anonymous";

    public FeedFraming Framing => FeedFraming.Document;

    public void Read(ReadOnlyMemory<byte> piece, DateTime nowUtc, FeedBatch batch)
    {
        using var document = JsonFields.Open(piece);
        var root = document.RootElement;
        if (root.ValueKind == JsonValueKind.Object && JsonFields.Guard(() => root.Text("specversion")) is not null)
        {
            CloudEvents.ReadDocument(root, nowUtc, batch);
            return;
        }

        if (root.ValueKind != JsonValueKind.Object || JsonFields.Guard(() => root.Text("type")) is null)
            throw new FeedFormatException("The body is no Harbor webhook: an object with \"type\", \"occur_at\" and \"event_data\", or a CloudEvent, is expected.");
        // This form has no id of its own. A repeat has the same bytes; so have two pulls of one account in one second.
        var key = EventKey.Of(piece.Span);
        if (JsonFields.Guard(() => ReadDefault(root, key, nowUtc, batch)) is { } reason)
            batch.Reject(reason, piece.Span);
    }

    /// <summary>Reads the data of a pull or a push; null or why it cannot be used.</summary>
    internal static string? ReadData(JsonElement data, bool isPush, string? account, DateTime at, EventKey key, DateTime nowUtc, FeedBatch batch)
    {
        var repository = data.Child("repository").Text("repo_full_name");
        if (RequestFields.CheckRepository("repository.repo_full_name", repository) is { } badRepository)
            return badRepository;
        if (RequestFields.CheckTime("the time of the event", at, nowUtc) is { } badTime)
            return badTime;
        var user = account == Anonymous ? null : RequestFields.Clean(account, RegistryUser.MaxPrincipal);
        if (isPush)
        {
            batch.Pushes++;
            if (user is not null)
                batch.Publishers.Add(new PublisherFact(repository!, user));
            return null;
        }

        if (data.Child("resources") is not { ValueKind: JsonValueKind.Array } resources || resources.GetArrayLength() is 0 or > MaxResources)
            return $"resources is missing, empty or longer than {MaxResources}";
        var requests = new List<RegistryRequest>();
        foreach (var resource in resources.EnumerateArray())
        {
            if (ReadResource(resource, out var tag, out var digest) is { } badResource)
                return badResource;
            requests.Add(new RegistryRequest
            {
                EventId = new EventKey(key.Value + (UInt128)(uint)requests.Count),
                AtUtc = at,
                Method = RequestMethod.Get,
                Repository = repository!,
                Tag = tag,
                Digest = digest,
                User = user,
            });
        }

        batch.Requests.AddRange(requests);
        return null;
    }

    private static string? ReadDefault(JsonElement root, EventKey key, DateTime nowUtc, FeedBatch batch)
    {
        var type = root.Text("type");
        if (type is not ("PULL_ARTIFACT" or "PUSH_ARTIFACT"))
        {
            batch.Ignored++;
            return null;
        }

        if (!root.Child("occur_at").TryGetSeconds(out var seconds))
            return "occur_at is missing or not a number of seconds since 1970";
        return ReadData(root.Child("event_data"), type == "PUSH_ARTIFACT", root.Text("operator"), DateTime.UnixEpoch.AddSeconds(seconds), key, nowUtc, batch);
    }

    // By digest, Harbor puts the digest into the tag as well.
    private static string? ReadResource(JsonElement resource, out string? tag, out string? digest)
    {
        digest = resource.Text("digest");
        tag = resource.Text("tag") is { Length: > 0 } text && !RequestFields.IsDigest(text) ? text : null;
        if (!RequestFields.IsDigest(digest))
            return "resources.digest is missing or not of the form algorithm:hex";
        return tag is null ? null : RequestFields.CheckTag("resources.tag", tag);
    }
}
