using System.Data.Common;
using VendorPortal.Classification;
using VendorPortal.Exports;
using VendorPortal.Reports;
using VendorPortal.Segments;
using VendorPortal.Storage;

namespace VendorPortal.Analytics;

/// <summary>
/// The raw report: a row an action, the oldest first, straight from the log, a batch at a time. Never with an address. Columns in the order of Docker's
/// published list; their spelling is this portal's.
/// </summary>
internal static class RawReport
{
    public const string Header = "timestamp,namespace,repository,reference,digest,tag,action_day,http_method,action,type,host,country,user_agent_tool,user_agent_version,domain,owner";

    private const int BatchRows = 8_192;

    private const long MaxRememberedBytes = 24 * 1024 * 1024;

    // Docker's spelling of what is not known of a network.
    private const string NoType = "null";

    private static readonly byte[][] Kinds = [[], "pull_by_tag"u8.ToArray(), "pull_by_digest"u8.ToArray(), "version_check"u8.ToArray()];
    private static readonly byte[] Head = "HEAD"u8.ToArray();
    private static readonly byte[] Get = "GET"u8.ToArray();

    private static readonly Dimension Artifacts = new(
        SegmentColumn.Artifact, ("Name", "Artifacts"), [], row => row is null ? [null, null] : [CellOf(ArtifactNames.NamespaceOf(row.GetString(1))), ArtifactNames.RepositoryOf(row.GetString(1))]);

    private static readonly Dimension Customers = new(SegmentColumn.Customer, ("Name", "Customers"), [], row => [row?.GetString(1)]);

    private static readonly Dimension Addresses = new(
        SegmentColumn.Address, ("NetworkType, Host, Country", "Addresses"), [], row => [Text(row, 1) ?? NoType, Text(row, 2), Text(row, 3)]);

    private static readonly Dimension Clients = new(SegmentColumn.Client, ("Tool, ToolVersion", "Clients"), [], row => [Text(row, 1), Text(row, 2)]);

    private readonly record struct Row(long Id, PullKind Kind, PullRule Rule, int Artifact, int Version, int Digest, int Customer, int Address, int Client);

    /// <summary>How a report names the namespace of artifacts that have none: it leaves the cell empty.</summary>
    public static string CellOf(string ns) => ns == ArtifactNames.NoNamespace ? "" : ns;

    public static void Write(DbConnection connection, ReportSource source, ReportSheet sheet)
    {
        var names = new Names(PullLayout.Of(new ExportOptions()));
        var owner = sheet.Encode(source.Publisher);
        var batch = new List<Row>(BatchRows);
        using var command = connection.CreateCommand();
        command.CommandText =
            "SELECT Id, Kind, Rule, ArtifactId, VersionId, DigestId, CustomerId, AddressId, ClientId FROM Pulls WHERE VendorId = @vendor AND Id >= @first AND Id < @end AND " +
            $"{ReportSource.IsReported} AND ArtifactId IN ({string.Join(',', source.Artifacts.Keys)}) ORDER BY Id";
        source.AddRange(command);
        using var reader = command.ExecuteReader();
        do
        {
            batch.Clear();
            names.Begin();
            while (batch.Count < BatchRows && reader.Read())
                batch.Add(names.Slots(reader));
            names.Fetch(connection, source.VendorId);
            foreach (var row in batch)
                Write(row, names, owner, sheet);
        }
        while (batch.Count == BatchRows);
    }

    private static void Write(in Row row, Names names, byte[] owner, ReportSheet sheet)
    {
        var at = PullIds.TimeOf(row.Id);
        sheet.Cell(at, "yyyy-MM-dd HH:mm:ss");
        sheet.Cell(names.Artifacts[row.Artifact][0]);
        sheet.Cell(names.Artifacts[row.Artifact][1]);
        var reference = names.Versions[row.Version];
        sheet.Cell(reference[0]);
        sheet.Cell(row.Digest == DimensionCells.UnknownSlot ? reference[2] : names.Versions[row.Digest][0]);
        sheet.Cell(reference[1]);
        sheet.Cell(at, "yyyy-MM-dd");
        sheet.Cell(IsHead(row) ? Head : Get);
        sheet.Cell(Kinds[(int)row.Kind]);
        foreach (var fact in names.Addresses[row.Address])
            sheet.Cell(fact);
        foreach (var fact in names.Clients[row.Client])
            sheet.Cell(fact);
        sheet.Cell(names.Customers[row.Customer][0]);
        sheet.Cell(owner);
        sheet.EndRow();
    }

    // What the rules took the starting request for: the journal forgets it, and the same report is to come out again later.
    private static bool IsHead(in Row row) => row.Rule switch
    {
        PullRule.HeadTag or PullRule.HeadTagGet or PullRule.HeadTagGetChildren or PullRule.HeadTagChildren => true,
        PullRule.HeadDigest or PullRule.HeadDigestGet or PullRule.HeadDigestGetChildren or PullRule.HeadDigestChildren => true,
        PullRule.Imported => row.Kind == PullKind.VersionCheck,
        _ => false,
    };

    private static string? Text(DbDataReader? row, int column) => row is null || row.IsDBNull(column) ? null : row.GetString(column);

    /// <summary>The cells of all dimensions; bounded, however many names the log has.</summary>
    private sealed class Names(PullLayout layout)
    {
        public DimensionCells Artifacts { get; } = new(RawReport.Artifacts, layout);

        public DimensionCells Versions { get; } = new(Dimension.Versions, layout);

        public DimensionCells Customers { get; } = new(RawReport.Customers, layout);

        public DimensionCells Addresses { get; } = new(RawReport.Addresses, layout);

        public DimensionCells Clients { get; } = new(RawReport.Clients, layout);

        private DimensionCells[] All => [Artifacts, Versions, Customers, Addresses, Clients];

        public void Begin()
        {
            var forget = All.Sum(cells => cells.Bytes) > MaxRememberedBytes;
            foreach (var cells in All)
                cells.Begin(forget);
        }

        public Row Slots(DbDataReader reader) => new(
            reader.GetInt64(0), (PullKind)reader.GetInt32(1), (PullRule)reader.GetInt32(2), Artifacts.SlotOf(reader.GetInt32(3)), Versions.SlotOf(reader.GetInt32(4)),
            Slot(Versions, reader, 5), Slot(Customers, reader, 6), Slot(Addresses, reader, 7), Slot(Clients, reader, 8));

        public void Fetch(DbConnection connection, int vendorId)
        {
            foreach (var cells in All)
                cells.Fetch(connection, vendorId);
        }

        private static int Slot(DimensionCells cells, DbDataReader reader, int column) => cells.SlotOf(reader.IsDBNull(column) ? SegmentLimits.Unknown : reader.GetInt32(column));
    }
}
