package com.example.api;

import com.example.model.Contacts;
import retrofit2.Call;
import retrofit2.http.GET;
import retrofit2.http.Path;
import retrofit2.http.Query;

public interface BooksApi {
    @GET("contacts")
    Call<Contacts> contacts(@Query("authtoken") String authtoken, @Query("organization_id") String organizationId);

    @GET("contacts/{id}")
    Call<Contacts> contact(
            @Path("id") String id,
            @Query("authtoken") String authtoken,
            @Query("organization_id") String organizationId);
}
