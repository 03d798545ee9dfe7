using System.Buffers.Binary;
using VendorPortal.Enrichment.Networks;
using VendorPortal.Journal;
using VendorPortal.Storage;

namespace VendorPortal.Import;

/// <summary>
/// The ids of the names in requests. Known names cost a look-up in memory; new ones of a whole batch are added in one short transaction, so
/// that receiving hardly waits for an import.
/// </summary>
internal sealed class HistoryDimensions : IDisposable
{
    private const int MaxAddresses = 2_000_000;
    private const int MaxTexts = 200_000;

    private readonly PortalDatabase database;
    private readonly int vendorId;
    private readonly System.Data.Common.DbConnection connection;
    private readonly DimensionWriter writer;
    private readonly Dictionary<string, int> artifacts = new(StringComparer.Ordinal);
    private readonly Dictionary<(int Artifact, string Name), int> versions = new();
    private readonly Dictionary<UInt128, int> addresses = new();
    private readonly Dictionary<string, int> users = new(StringComparer.Ordinal);
    private readonly Dictionary<string, int> clients = new(StringComparer.Ordinal);

    public HistoryDimensions(PortalDatabase database, NetworkLookup networks, int vendorId)
    {
        this.database = database;
        this.vendorId = vendorId;
        connection = database.OpenWriter();
        writer = new DimensionWriter(connection, networks);
    }

    /// <summary>The texts of the versions met so far.</summary>
    public VersionNames Versions { get; } = new();

    /// <summary>Makes every name of the requests known; <see cref="Resolve"/> may be called for them afterwards.</summary>
    public async Task LearnAsync(IReadOnlyList<RegistryRequest> requests, DateTime nowUtc, CancellationToken ct)
    {
        if (addresses.Count > MaxAddresses)
            addresses.Clear(); // they are found again in the store
        if (clients.Count > MaxTexts)
            clients.Clear();
        if (users.Count > MaxTexts)
            users.Clear();
        if (versions.Count > MaxTexts)
            versions.Clear();
        var unknown = requests.Where(request => !IsKnown(request)).ToList();
        if (unknown.Count == 0)
            return;
        await database.WriteLock.WaitAsync(ct);
        try
        {
            using var transaction = connection.BeginTransaction(System.Data.IsolationLevel.Serializable);
            writer.Transaction = transaction;
            foreach (var request in unknown)
                Learn(request, nowUtc);
            transaction.Commit();
        }
        finally
        {
            database.WriteLock.Release();
        }
    }

    public HistoryRequest Resolve(RegistryRequest request)
    {
        var artifactId = artifacts[request.Repository];
        return new HistoryRequest
        {
            EventId = request.EventId.Value,
            Ticks = request.AtUtc.Ticks,
            ArtifactId = artifactId,
            VersionId = versions[(artifactId, request.Tag ?? request.Digest!)],
            DigestId = request.Digest is { } digest ? versions[(artifactId, digest)] : 0,
            AddressId = request.Address is { } address ? addresses[Key(address)] : 0,
            UserId = request.User is { } user ? users[user] : 0,
            ClientId = request.UserAgent is { } userAgent ? clients[userAgent] : 0,
            Status = (short)request.Status,
            Method = request.Method,
            GivenKind = request.GivenKind,
        };
    }

    public void Dispose()
    {
        writer.Dispose();
        connection.Dispose();
    }

    private bool IsKnown(RegistryRequest request) =>
        artifacts.TryGetValue(request.Repository, out var artifactId)
        && versions.ContainsKey((artifactId, request.Tag ?? request.Digest!))
        && (request.Digest is null || versions.ContainsKey((artifactId, request.Digest)))
        && (request.Address is null || addresses.ContainsKey(Key(request.Address)))
        && (request.User is null || users.ContainsKey(request.User))
        && (request.UserAgent is null || clients.ContainsKey(request.UserAgent));

    private void Learn(RegistryRequest request, DateTime nowUtc)
    {
        var artifactId = artifacts[request.Repository] = writer.Artifact(vendorId, request.Repository);
        Learn(artifactId, request.Tag ?? request.Digest!);
        if (request.Digest is { } digest)
            Learn(artifactId, digest);
        if (request.Address is { } address)
            addresses[Key(address)] = writer.Address(vendorId, address)!.Value;
        if (request.User is { } user)
            users[user] = writer.User(vendorId, user, nowUtc)!.Value;
        if (request.UserAgent is { } userAgent)
            clients[userAgent] = writer.Client(vendorId, userAgent)!.Value;
    }

    private void Learn(int artifactId, string reference)
    {
        var id = versions[(artifactId, reference)] = writer.Version(vendorId, artifactId, reference);
        Versions[id] = reference;
    }

    private static UInt128 Key(byte[] address) => BinaryPrimitives.ReadUInt128BigEndian(address);
}
