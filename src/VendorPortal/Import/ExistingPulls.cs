using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Storage;

namespace VendorPortal.Import;

/// <summary>
/// What the log and the journal hold in the range that an import writes to, walked through in order of the ids beside the pulls that
/// are to come. Tells which of them the log has already, and which ids are taken.
/// </summary>
internal sealed class ExistingPulls : IDisposable
{
    private const int MaxPassed = 4_096;

    private readonly PreparedStatement statement;
    private readonly DbDataReader reader;
    private readonly List<Existing> window = [];
    private readonly Dictionary<Identity, List<Existing>> candidates = new();
    private int head;
    private int free;

    /// <param name="connection">One that sees what is committed and nothing of the import's own transaction.</param>
    /// <param name="vendorId">The vendor whose log it is.</param>
    /// <param name="firstId">First id of interest.</param>
    /// <param name="endId">First id that is of none, unless pulls of a crowded millisecond run over it.</param>
    public ExistingPulls(DbConnection connection, int vendorId, long firstId, long endId)
    {
        // Requests that started no pull take ids as well. Both halves come in the order of their keys and are merged.
        statement = new PreparedStatement(
            connection,
            "SELECT \"Id\", \"Requests\", \"ArtifactId\", \"VersionId\", \"AddressId\", \"ClientId\", \"UserId\", \"Kind\", \"Rule\" FROM \"Pulls\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 " +
            "UNION ALL SELECT \"Id\", 0, 0, 0, 0, 0, 0, 0, 0 FROM \"RegistryRequests\" WHERE \"VendorId\" = @p0 AND \"Id\" >= @p1 ORDER BY 1", 2);
        reader = statement.Read(vendorId, firstId);
        IsEmpty = !Has(0) || window[0].Id >= endId;
    }

    /// <summary>True where the range holds nothing at all.</summary>
    public bool IsEmpty { get; }

    /// <summary>Goes on to a millisecond, told by its first id: afterwards <see cref="Take"/> finds what the log has of it.</summary>
    public void MoveTo(long firstId)
    {
        while (Has(head) && window[head].Id < firstId)
            head++;
        if (head > MaxPassed)
        {
            window.RemoveRange(0, head);
            free = Math.Max(0, free - head);
            head = 0;
        }

        candidates.Clear();
        var end = firstId + PullIds.PerMillisecond;
        for (var i = head; Has(i) && window[i].Id < end; i++)
        {
            if (window[i].Requests > 0)
                AddCandidate(window[i] with { IsJournaled = IsRequest(i - 1, window[i].Id) || IsRequest(i + 1, window[i].Id) });
            if (window[i].Id == end - 1)
                end++; // a crowded millisecond runs over into the next ones without a gap
        }
    }

    /// <summary>
    /// The pull that stands for <paramref name="pull"/> in the log already; it is found only once. One whose requests the journal
    /// keeps is never to be replaced: it counts as whole.
    /// </summary>
    public (long Id, int Requests)? Take(in HistoryPull pull)
    {
        if (!candidates.TryGetValue(Identity.Of(pull), out var alike) || alike.Count == 0)
            return null;
        // A log of days has a whole day in one millisecond: mostly the last one is as good as any.
        var best = alike.Count - 1;
        for (var i = best - 1; i >= 0 && alike[best].Requests != pull.Requests; i--)
        {
            if (IsNearer(alike[i].Requests, alike[best].Requests, pull.Requests))
                best = i;
        }

        var found = alike[best];
        alike[best] = alike[^1];
        alike.RemoveAt(alike.Count - 1);
        return (found.Id, found.IsJournaled ? int.MaxValue : found.Requests);
    }

    /// <summary>The first id from <paramref name="id"/> on that nothing has; ask in ascending order.</summary>
    public long FirstFree(long id)
    {
        for (free = Math.Max(free, head); Has(free) && window[free].Id <= id; free++)
        {
            if (window[free].Id == id)
                id++;
        }

        return id;
    }

    public void Dispose()
    {
        reader.Dispose();
        statement.Dispose();
    }

    private void AddCandidate(in Existing existing)
    {
        var identity = Identity.Of(existing);
        if (!candidates.TryGetValue(identity, out var alike))
            candidates[identity] = alike = [];
        alike.Add(existing);
    }

    // Of several alike in one millisecond: one with as many requests, else one that has more, else the most.
    private static bool IsNearer(int requests, int than, int wanted) =>
        requests >= wanted ? than < wanted || requests < than : than < wanted && requests > than;

    private bool IsRequest(int index, long id) => index >= 0 && Has(index) && window[index].Id == id && window[index].Requests == 0;

    private bool Has(int index)
    {
        while (index >= window.Count)
        {
            if (!reader.Read())
                return false;
            window.Add(new Existing(reader.GetInt64(0), reader.GetInt32(1), reader.GetInt32(2), reader.GetInt32(3), Number(4), Number(5), Number(6),
                (PullKind)reader.GetInt32(7), (PullRule)reader.GetInt32(8)));
        }

        return true;
    }

    private int Number(int column) => reader.IsDBNull(column) ? 0 : reader.GetInt32(column);

    // What starts a refusal starts no pull, and what its source has classified is what it was called.
    private readonly record struct Identity(int ArtifactId, int VersionId, int AddressId, int ClientId, int UserId, bool IsDenied, PullKind? GivenKind)
    {
        public static Identity Of(in Existing pull) => new(
            pull.ArtifactId, pull.VersionId, pull.AddressId, pull.ClientId, pull.UserId, pull.Kind == PullKind.Denied, pull.Rule == PullRule.Imported ? pull.Kind : null);

        public static Identity Of(in HistoryPull pull) => new(
            pull.ArtifactId, pull.VersionId, pull.AddressId, pull.ClientId, pull.UserId, pull.Kind == PullKind.Denied, pull.Rule == PullRule.Imported ? pull.Kind : null);
    }

    private readonly record struct Existing(long Id, int Requests, int ArtifactId, int VersionId, int AddressId, int ClientId, int UserId, PullKind Kind, PullRule Rule)
    {
        public bool IsJournaled { get; init; }
    }
}
