using System.Globalization;
using System.Text.Json;
using VendorPortal.Classification;
using VendorPortal.Journal;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Feeds;

/// <summary>
/// The data of Chainguard's registry events, as its events reference and SDK document them: <c>{"actor":{"subject"},"body":{"repository",
/// "tag","digest","method","type","when","remote_address","user_agent","error"}}</c>.
/// </summary>
internal static class Chainguard
{
    public const string Pulled = "dev.chainguard.registry.pull.v1";
    public const string Pushed = "dev.chainguard.registry.push.v1";

    // "when" has no offset; it is taken for UTC where that agrees with the time of the event.
    private static readonly TimeSpan Agreement = TimeSpan.FromMinutes(5);

    /// <summary>Null or why it cannot be used.</summary>
    public static string? ReadData(JsonElement data, bool isPush, DateTime at, EventKey key, DateTime nowUtc, FeedBatch batch)
    {
        var body = data.Child("body");
        if (body.Text("type") is not "manifest" and var type)
        {
            if (type is null)
                return "body.type is missing";
            batch.Ignored++; // a blob
            return null;
        }

        var repository = body.Text("repository");
        if (RequestFields.CheckRepository("body.repository", repository) is { } badRepository)
            return badRepository;
        var user = RequestFields.Clean(data.Child("actor").Text("subject"), RegistryUser.MaxPrincipal);
        if (isPush)
        {
            batch.Pushes++;
            if (user is not null)
                batch.Publishers.Add(new PublisherFact(repository!, user));
            return null;
        }

        return ReadPull(body, repository!, user, When(body.Text("when"), at), key, nowUtc, batch);
    }

    private static string? ReadPull(JsonElement body, string repository, string? user, DateTime at, EventKey key, DateTime nowUtc, FeedBatch batch)
    {
        if (RequestFields.CheckTime("time", at, nowUtc) is { } badTime)
            return badTime;
        var method = body.Text("method");
        if (method is not ("GET" or "HEAD"))
            return "body.method is neither GET nor HEAD";
        var tag = body.Text("tag") is { Length: > 0 } tagText ? tagText : null;
        var digest = body.Text("digest") is { Length: > 0 } digestText ? digestText : null;
        if (tag is null && digest is null)
            return "one of body.tag and body.digest is required";
        if (tag is not null && RequestFields.CheckTag("body.tag", tag) is { } badTag)
            return badTag;
        if (digest is not null && !RequestFields.IsDigest(digest))
            return "body.digest is not of the form algorithm:hex";
        var status = body.Child("error").Child("status") is { ValueKind: JsonValueKind.Number } number && number.TryGetInt32(out var failed) && failed is >= 100 and <= 599 ? failed : 200;
        batch.Requests.Add(new RegistryRequest
        {
            EventId = key,
            AtUtc = at,
            Method = method == "HEAD" ? RequestMethod.Head : RequestMethod.Get,
            Repository = repository,
            Tag = tag,
            Digest = digest,
            Status = status,
            Address = RequestFields.Address(body.Text("remote_address")),
            User = user,
            UserAgent = RequestFields.Clean(body.Text("user_agent"), Client.MaxUserAgent),
        });
        return null;
    }

    private static DateTime When(string? when, DateTime at) =>
        DateTime.TryParse(when, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal, out var exact) && (exact - at).Duration() <= Agreement
            ? exact
            : at;
}
