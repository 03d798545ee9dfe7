using System.Buffers;
using System.Text;
using System.Text.Unicode;
using CsvHelper;
using VendorPortal.Hosting;
using VendorPortal.Storage.Entities;

namespace VendorPortal.Enrichment;

/// <summary>One row of an uploaded file. A column that the file does not have is left alone; an empty cell clears.</summary>
public sealed record CustomerCsvRow(int Line, string Principal, string? Customer, string? Name, string? Email);

/// <summary>What is wrong with a file, and where. Lines count from 1, as editors do; null where it is the file as a whole.</summary>
public sealed record CustomerCsvError(int? Line, string? Column, string Message);

/// <summary>The columns a file has beside <c>principal</c>.</summary>
[Flags]
public enum CustomerCsvColumns
{
    None = 0,
    Customer = 1,
    Name = 2,
    Email = 4,
}

/// <summary>
/// Reads <c>principal,customer,name,email</c>: a header row, columns in any order, others ignored, UTF-8, comma or semicolon.
/// All errors are collected, up to <see cref="MaxErrors"/>, so that a file can be mended in one go.
/// </summary>
public sealed record CustomerCsv(IReadOnlyList<CustomerCsvRow> Rows, CustomerCsvColumns Columns, IReadOnlyList<CustomerCsvError> Errors)
{
    /// <summary>Largest file, in bytes.</summary>
    public const int MaxBytes = 5 * 1024 * 1024;

    public const int MaxRows = 100_000;

    public const int MaxErrors = 100;

    /// <summary>Reads a file held in memory.</summary>
    public static CustomerCsv Parse(byte[] file)
    {
        if (file.Length > MaxBytes)
            return Failed($"The file is larger than {MaxBytes / 1024 / 1024} MB.");
        var hasWideMark = file is [0xFF, 0xFE, ..] or [0xFE, 0xFF, ..];
        if (!hasWideMark && !Utf8.IsValid(file))
            return Failed($"The file is not UTF-8 (line {LineOfInvalidByte(file)}); save it as \"CSV UTF-8\".");
        return new Parser(file).Run();
    }

    private static CustomerCsv Failed(string message) => new([], CustomerCsvColumns.None, [new CustomerCsvError(null, null, message)]);

    private static int LineOfInvalidByte(ReadOnlySpan<byte> file)
    {
        var rest = file;
        while (Rune.DecodeFromUtf8(rest, out _, out var length) == OperationStatus.Done)
            rest = rest[length..];
        return file[..^rest.Length].Count((byte)'\n') + 1;
    }

    private sealed class Parser(byte[] file)
    {
        private readonly List<CustomerCsvRow> rows = [];
        private readonly List<CustomerCsvError> errors = [];
        private readonly Dictionary<string, int> lineOf = new(StringComparer.Ordinal);
        private int line;

        public CustomerCsv Run()
        {
            var options = new CsvReaderOptions
            {
                TrimWhitespace = true,
                TrimInsideQuotes = true,
                TrackLineNumbers = true,
                OnMalformedRecord = record => Add((int)record.LineNumber, null, Describe(record.Reason)),
            };
            using var reader = CsvReader.Create(file, options);
            var columns = ReadHeader(reader, out var at);
            while (errors.Count < MaxErrors && at.Principal >= 0 && reader.Read())
            {
                line = (int)reader.LineNumber;
                if (rows.Count == MaxRows)
                {
                    Add(line, null, $"The file has more than {MaxRows:N0} rows; split it.");
                    break;
                }

                ReadRow(reader, at);
            }

            if (at.Principal >= 0 && rows.Count == 0 && errors.Count == 0)
                Add(null, null, "The file has a header but no rows.");
            return new CustomerCsv(rows, columns, errors);
        }

        private CustomerCsvColumns ReadHeader(CsvReader reader, out ColumnsAt at)
        {
            var headers = reader.Headers.Select(h => h.Trim().ToLowerInvariant()).ToList();
            at = new ColumnsAt(headers.IndexOf("principal"), headers.IndexOf("customer"), headers.IndexOf("name"), headers.IndexOf("email"));
            if (at.Principal < 0)
                Add(1, null, "The first row must name the columns, with 'principal' among them: principal,customer,name,email.");
            foreach (var twice in headers.Where(h => h is "principal" or "customer" or "name" or "email").GroupBy(h => h).Where(g => g.Count() > 1))
                Add(1, twice.Key, "The column is there more than once.");
            var columns = If(at.Customer, CustomerCsvColumns.Customer) | If(at.Name, CustomerCsvColumns.Name) | If(at.Email, CustomerCsvColumns.Email);
            if (at.Principal >= 0 && columns == CustomerCsvColumns.None)
                Add(1, null, "There is nothing to set: the file has none of the columns customer, name, email.");
            return columns;

            static CustomerCsvColumns If(int index, CustomerCsvColumns column) => index >= 0 ? column : CustomerCsvColumns.None;
        }

        private void ReadRow(CsvReader reader, ColumnsAt at)
        {
            var before = errors.Count;
            var principal = Cell(reader, at.Principal, "principal", text => InputException.Require("The principal", text, RegistryUser.MaxPrincipal));
            var customer = Cell(reader, at.Customer, "customer", text => InputException.Optional("The customer", text, Customer.MaxName));
            var name = Cell(reader, at.Name, "name", text => InputException.Optional("The name", text, RegistryUser.MaxName));
            var email = Cell(reader, at.Email, "email", CustomerDirectory.CheckEmail);
            if (principal is not null && !lineOf.TryAdd(principal, line))
                Add(line, "principal", $"'{principal}' is also in line {lineOf[principal]}.");
            if (errors.Count == before && principal is not null)
                rows.Add(new CustomerCsvRow(line, principal, customer, name, email));
        }

        private string? Cell(CsvReader reader, int index, string column, Func<string, string?> check)
        {
            if (index < 0)
                return null;
            try
            {
                return check(reader.GetString(index));
            }
            catch (InputException exception)
            {
                Add(line, column, exception.Message);
                return null;
            }
        }

        private void Add(int? at, string? column, string message) => errors.Add(new CustomerCsvError(at, column, message));

        private static string Describe(CsvMalformedReason reason) => reason switch
        {
            CsvMalformedReason.StrayQuote => "A quote stands inside a cell that is not quoted; quote the cell and double the quote.",
            CsvMalformedReason.TextAfterClosingQuote => "Text follows the closing quote of a cell.",
            CsvMalformedReason.UnterminatedQuote => "A quote opens here and is never closed.",
            _ => "The row cannot be read.",
        };
    }

    private readonly record struct ColumnsAt(int Principal, int Customer, int Name, int Email);
}
