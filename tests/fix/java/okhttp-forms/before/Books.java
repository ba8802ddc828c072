package com.example;

import java.io.IOException;
import okhttp3.FormBody;
import okhttp3.MultipartBody;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

public class Books {
    private static final String INVOICES = "https://books.zoho.com/api/v3/invoices";

    private final OkHttpClient client = new OkHttpClient();

    public String create(String invoice) throws IOException {
        RequestBody form = new FormBody.Builder()
            .add("authtoken", System.getenv("ZOHO_AUTHTOKEN"))
            .add("organization_id", "10234695")
            .add("JSONString", invoice)
            .build();
        Request request = new Request.Builder()
            .url(INVOICES)
            .post(form)
            .build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    public String createByStatements(String invoice) throws IOException {
        FormBody.Builder form = new FormBody.Builder();
        form.add("authtoken", System.getenv("ZOHO_AUTHTOKEN"));
        form.add("JSONString", invoice);
        Request request = new Request.Builder().url(INVOICES).post(form.build()).build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }

    public String upload(String invoice) throws IOException {
        RequestBody parts = new MultipartBody.Builder()
            .setType(MultipartBody.FORM)
            .addFormDataPart("JSONString", invoice)
            .addFormDataPart("authtoken", System.getenv("ZOHO_AUTHTOKEN"))
            .build();
        Request request = new Request.Builder().url(INVOICES).post(parts).build();
        try (Response response = client.newCall(request).execute()) {
            return response.body().string();
        }
    }
}
