using FsCheck;
using FsCheck.Fluent;
using VendorPortal.Classification;
using VendorPortal.Journal;

namespace VendorPortal.Tests.Testing;

/// <summary>
/// Random registry traffic that is dense where it matters: few keys, few references, an index with children, gaps around the window
/// of five seconds, equal times, now and then a refusal.
/// </summary>
internal static class RequestGenerators
{
    public static readonly DateTime Start = new(2026, 5, 1, 12, 0, 0, DateTimeKind.Utc);

    public static readonly string Index = Digest(1);

    public static readonly string[] Children = [Digest(2), Digest(3), Digest(4)];

    public static string Digest(int number) => "sha256:" + number.ToString("x64", System.Globalization.CultureInfo.InvariantCulture);

    /// <summary>Up to <paramref name="size"/> requests with distinct event ids.</summary>
    public static Gen<RegistryRequest[]> Requests(int size) =>
        from count in Gen.Choose(1, size)
        from steps in Gen.ListOf(Step(), count)
        select Build(steps);

    public static ManifestGraph Graph()
    {
        var graph = new ManifestGraph();
        graph.Learn(Index, Children);
        return graph;
    }

    public static ClassifiableRequest Facts(RegistryRequest request, int id) => new()
    {
        Id = id,
        Ticks = request.AtUtc.Ticks,
        Method = request.Method,
        Status = request.Status,
        Tag = request.Tag,
        Digest = request.Digest,
        FeedId = 1,
        EventId = request.EventId.Value,
    };

    private static Gen<(int Gap, int Reference, bool Head, int User, int Status)> Step() =>
        from gap in Gen.Frequency((6, Gen.Choose(0, 900)), (2, Gen.Elements(0, 4_999, 5_000, 5_001)), (1, Gen.Choose(5_001, 30_000)))
        from reference in Gen.Choose(0, 8)
        from head in Gen.Elements(true, false)
        from user in Gen.Choose(0, 1)
        from status in Gen.Frequency((4, Gen.Constant(200)), (1, Gen.Elements(401, 403, 404, 429)))
        select (gap, reference, head, user, status);

    private static RegistryRequest[] Build(IEnumerable<(int Gap, int Reference, bool Head, int User, int Status)> steps)
    {
        var at = Start;
        return steps.Select((step, i) =>
        {
            at = at.AddMilliseconds(step.Gap);
            var (tag, digest) = Reference(step.Reference);
            return new RegistryRequest
            {
                EventId = $"e{i}",
                AtUtc = at,
                Method = step.Head ? RequestMethod.Head : RequestMethod.Get,
                Repository = "acme/app",
                Tag = tag,
                Digest = tag is not null && step.Status != 200 ? null : digest, // nobody tells what a tag stands for that was refused
                Status = step.Status,
                Address = [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 203, 0, 113, 7],
                User = step.User == 0 ? "alice" : "bob",
                UserAgent = "docker/28.0.1",
            };
        }).ToArray();
    }

    private static (string? Tag, string Digest) Reference(int number) => number switch
    {
        0 => ("1.0", Index),
        1 => ("1.0", Digest(9)), // the tag has moved
        2 => ("latest", Digest(9)),
        3 => (null, Index),
        4 or 5 or 6 => (null, Children[number - 4]),
        7 => (null, Digest(9)),
        _ => (null, Digest(10)),
    };
}
