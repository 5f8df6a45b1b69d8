//! Pages of each generation about a fictional API, written for these tests. Knows nothing of how they are parsed.

pub(super) const FIRST: &str = "# Get a run

```http
GET https://api.example.com/v1/runs/{id}
```

## Response Body

- 200: The run

## Examples

```shell
# not a page
curl https://api.example.com/v1/runs/run_1
```
";

pub(super) const SECOND: &str = "> For a complete index, see https://docs.example.com/llms.txt.

# Start a run

POST https://api.example.com/v1/runs
Content-Type: application/json

Starts a run.

Reference: https://docs.example.com/reference/runs/start-run

## OpenAPI Specification

```yaml
openapi: 3.1.1
info:
  title: Start a run
  version: endpoint_runs.start
paths:
  /v1/runs:
    post:
      operationId: start
      summary: Start a run
      tags:
        - - subpackage_runs
          - subpackage_runs/control
      parameters:
        - name: Authorization
          in: header
          description: Bearer authentication of the form `Bearer <token>`.
          required: true
          schema:
            type: string
      responses:
        '200':
          description: The run
          content:
            application/json:
              schema:
                $ref: >-
                  #/components/schemas/Run
        '400':
          description: Bad
          content: {}
      requestBody:
        content:
          application/json:
            schema:
              type: object
              properties:
                mode:
                  $ref: '#/components/schemas/Mode'
components:
  schemas:
    Mode:
      type: string
      enum:
        - value: fast
        - value: exact
    Run:
      type: object
      properties:
        kind:
          type: string
          enum:
            - type: stringLiteral
              value: run
        id:
          type: string
      required:
        - kind
        - id
```

## SDK Code Examples

```python
# Start
start()
```
";

pub(super) const THIRD: &str = "# Add a file

POST https://api.example.com/v1/files
Content-Type: multipart/form-data

Reference: https://docs.example.com/reference/files/add

## OpenAPI Specification

```yaml
openapi: 3.1.1
info:
  title: Add a file
  version: endpoint_files.add
paths:
  /v1/files:
    post:
      operationId: add
      tags:
        - - subpackage_files
      responses:
        '200':
          description: The file
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/type_files:File'
      requestBody:
        content:
          multipart/form-data:
            schema:
              type: object
              properties:
                name:
                  type: string
                file:
                  type: string
                  format: binary
              required:
                - name
components:
  schemas:
    type_files:File:
      type: object
      properties:
        id:
          type: string
      required:
        - id
```
";

pub(super) const FOURTH: &str = "# Get a run

GET https://api.example.com/v1/runs/{id}

Reference: https://docs.example.com/reference/runs/get-run

## OpenAPI Specification

```yaml
openapi: 3.1.0
info:
  title: Example API
  version: 1.0.0
paths:
  /v1/runs/{id}:
    get:
      operationId: get
      tags:
        - subpackage_runs
      parameters:
        - name: id
          in: path
          required: true
          schema:
            type: string
        - name: Authorization
          in: header
          required: true
          schema:
            type: string
      responses:
        '200':
          description: The run
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Run'
        '404':
          description: Unknown
          content:
            application/json:
              schema:
                $ref: '#/components/schemas/Runs_get_Error 404'
servers:
  - url: https://api.example.com
    description: Production
components:
  schemas:
    Run:
      type: object
      title: Run
      properties:
        kind:
          type: string
          enum:
            - run
        id:
          type: string
      required:
        - kind
        - id
    Runs_get_Error 404:
      type: object
      properties:
        message:
          type: string
  securitySchemes:
    BearerAuth:
      type: http
      scheme: bearer
```
";

pub(super) const FIFTH: &str = "> This page is for version v2 (default).
> ## API version

# List runs

GET https://api.example.com/v1/runs

Lists runs.

Reference: https://docs.example.com/reference/runs/list-runs

## Authentication

- `Authorization` header (bearer token, required) — Your key

## Request

### Query parameters

- `limit` (integer, optional, default: 10) — How many
- `status` (enum, optional)
  - Allowed values: `RUNNING`, `DONE`

### Headers

- `x-api-version` (string, optional, default: 2026-02-09)

## Response

### 200

The runs

- `data` (list of Run, required)
- `next` (string, optional, nullable)

## Errors

### 400 Bad Request Error

Bad

- `ErrorBody`

## Types

### Run

A run.

- `id` (string, required)
- `options` (RunOptions, optional)

### RunOptionsFast

- `speed` (double, optional)

### ErrorBody

- `message` (string, required)
";

pub(super) const WEBHOOK: &str = "# Run done

POST 

Reference: https://docs.example.com/webhooks/run-done-webhook

## Request

### Payload

- `eventType` (\"run.done\", required)
- `payload` (Run, required)

## Types

### Run

- `id` (string, required)
";

pub(super) const CHANNEL: &str = "# Live

GET /v1/live

Reference: https://docs.example.com/reference/live

## AsyncAPI Specification

```yaml
asyncapi: 2.6.0
channels: {}
```
";
